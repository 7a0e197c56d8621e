/** The lock of all that is counted: writers share it, whoever sets or rebuilds has it alone. */
export const spendLock = 'spend';
