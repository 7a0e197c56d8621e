/**
 * Vendors' names of places within `eu` and `us`. `eu` is the member states of the European Union: London, Zurich and
 * Oslo are in Europe and not in it, so that who asks for `eu` because of the law gets what the law means. A name that is
 * missing here matches only itself.
 *
 * Sources, read 2026-11-22. Amazon: ibm.github.io/ibm-cos-sdk-js-v2 (BucketLocationConstraint) for the names,
 * paessler.com/manuals/prtg/list_of_supported_aws_regions_and_their_codes and github.com/aws-ia/taskcat/pull/768 for the
 * places. Google: docs.cloud.google.com/vertex-ai/docs/general/locations and firebase.google.com/docs/vertex-ai/locations.
 * Microsoft: learn.microsoft.com/azure/reliability/regions-list. Oracle: docs.oracle.com, "Geographical Regions and
 * Identifiers".
 */
const zones: Readonly<Record<string, { readonly names: ReadonlySet<string>; readonly pattern?: RegExp }>> = {
  eu: {
    names: new Set([
      // Amazon: Frankfurt, Stockholm, Milan, Spain, Ireland, Paris.
      'eu-central-1',
      'eu-north-1',
      'eu-south-1',
      'eu-south-2',
      'eu-west-1',
      'eu-west-3',
      // Google: Warsaw, Hamina, Madrid, Saint-Ghislain, Frankfurt, Eemshaven, Milan, Paris.
      'europe-central2',
      'europe-north1',
      'europe-southwest1',
      'europe-west1',
      'europe-west3',
      'europe-west4',
      'europe-west8',
      'europe-west9',
      // Microsoft.
      'austriaeast',
      'belgiumcentral',
      'francecentral',
      'francesouth',
      'germanynorth',
      'germanywestcentral',
      'italynorth',
      'northeurope',
      'polandcentral',
      'spaincentral',
      'swedencentral',
      'westeurope',
      // Oracle.
      'eu-amsterdam-1',
      'eu-frankfurt-1',
      'eu-madrid-1',
      'eu-marseille-1',
      'eu-milan-1',
      'eu-paris-1',
      'eu-stockholm-1',
    ]),
  },
  us: {
    names: new Set([
      'centralus',
      'eastus',
      'eastus2',
      'northcentralus',
      'southcentralus',
      'westcentralus',
      'westus',
      'westus2',
      'westus3',
      'us-ashburn-1',
      'us-chicago-1',
      'us-phoenix-1',
      'us-sanjose-1',
    ]),
    // Amazon's `us-east-1` and `us-gov-west-1`, Google's `us-central1`, Microsoft's `usgovvirginia`.
    pattern: /^(us-(gov-)?(east|west)-\d|us-(central|east|south|west)\d{1,2}|usgov(arizona|texas|virginia))$/,
  },
};

/** Microsoft's portal writes `Sweden Central`. */
const plain = (region: string): string => region.toLowerCase().replaceAll(' ', '');

/**
 * Whether a place is the wanted one or within it.
 * @param region as `Deployment.region`. What is wider than the wanted one is not within it: `eu` is not in `eu-west-1`
 * @param wanted `eu`, `us`, or a vendor's own name
 */
export const isWithin = (region: string, wanted: string): boolean => {
  const place = plain(region);
  const asked = plain(wanted);
  if (place === asked) return true;
  const zone = Object.hasOwn(zones, asked) ? zones[asked] : undefined;
  return zone !== undefined && (zone.names.has(place) || (zone.pattern?.test(place) ?? false));
};
