/**
 * A request with members that its type does not know: they go to the provider as they are. The first of the two lets in
 * values of other packages' interfaces, which have no index signature; the second, literals with a vendor's new parameter.
 */
export type Open<Request> = Request | (Request & { [unknown: string]: unknown });
