/** @file The part of the package jstat that is used; it ships no types. */

declare module "jstat" {
  const jStat: { readonly studentt: { cdf(t: number, freedom: number): number; inv(share: number, freedom: number): number } };
  export default jStat;
}
