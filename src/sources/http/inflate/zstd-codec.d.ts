/** Low-level bindings; the package's own classes never free their streams. https://github.com/yoshihitoh/zstd-codec */
declare module 'zstd-codec/lib/module.js' {
  export interface ZstdDecompressStreamBinding {
    begin(): boolean;
    /** @returns false for invalid bytes; `take` is called with each decoded chunk, at most 128 KiB. */
    transform(bytes: Uint8Array, take: (piece: Uint8Array) => void): boolean;
    /** Frees its memory; must be called, since nothing else does. */
    delete(): void;
  }

  export interface ZstdModule {
    readonly ZstdDecompressStreamBinding: new () => ZstdDecompressStreamBinding;
  }

  const module: { readonly run: (ready: (loaded: ZstdModule) => void) => void };
  export default module;
}
