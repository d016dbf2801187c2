/** What whoever wrote a continuous query, or asked for its test, can change. */
export class WindowRefusal extends Error {
  override readonly name = 'WindowRefusal';
}
