/** The bindings below the package's own classes, which keep their streams for ever. https://github.com/yoshihitoh/zstd-codec */
declare module 'zstd-codec/lib/module.js' {
  export interface ZstdDecompressStreamBinding {
    begin(): boolean;
    /** @returns false when the bytes are wrong; `take` is called with each piece that they decode to, at most 128 KiB. */
    transform(bytes: Uint8Array, take: (piece: Uint8Array) => void): boolean;
    /** Frees its memory, which nothing else does. */
    delete(): void;
  }

  export interface ZstdModule {
    readonly ZstdDecompressStreamBinding: new () => ZstdDecompressStreamBinding;
  }

  const module: { readonly run: (ready: (loaded: ZstdModule) => void) => void };
  export default module;
}
