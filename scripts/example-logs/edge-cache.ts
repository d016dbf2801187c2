/** The cache of one edge location: a bounded number of bytes, least recently used first out. */
export class EdgeCache {
  private readonly maxBytes: number;
  private readonly objects = new Map<string, { readonly bytes: number; freshUntilMs: number }>();
  private bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  look(key: string, atMs: number): 'fresh' | 'stale' | 'absent' {
    const object = this.objects.get(key);
    if (!object) return 'absent';
    // A Map keeps its keys in the order of insertion: the last used goes to the end.
    this.objects.delete(key);
    this.objects.set(key, object);
    return atMs < object.freshUntilMs ? 'fresh' : 'stale';
  }

  keep(key: string, bytes: number, freshUntilMs: number): void {
    this.drop(key);
    if (bytes > this.maxBytes) return;
    this.objects.set(key, { bytes, freshUntilMs });
    this.bytes += bytes;
    for (const oldest of this.objects.keys()) {
      if (this.bytes <= this.maxBytes) break;
      this.drop(oldest);
    }
  }

  revalidate(key: string, freshUntilMs: number): void {
    const object = this.objects.get(key);
    if (object) object.freshUntilMs = freshUntilMs;
  }

  private drop(key: string): void {
    this.bytes -= this.objects.get(key)?.bytes ?? 0;
    this.objects.delete(key);
  }
}
