/** What whoever wrote an alert, or asked for its test, can change. */
export class AlertRefusal extends Error {
  override readonly name = 'AlertRefusal';
}
