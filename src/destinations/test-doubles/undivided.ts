/** The `divide` of a shipment for destinations that do not divide batches. */
export async function undivided(): Promise<never> {
  throw new Error('BUG: this destination divides no batches');
}
