const tailLength = 14;

/**
 * Text that loses its middle when it does not fit: of a long path both the folder and the file name matter. The style
 * sheet cuts the head, the tail stays; selecting and copying still gives all of it.
 */
export function MiddleText({ text }: { readonly text: string }) {
  // Code points, so that no character outside of the basic plane is cut in two.
  const characters = [...text];
  if (characters.length <= tailLength * 2) {
    return (
      <span className="middle-text" title={text}>
        <span className="middle-head">{text}</span>
      </span>
    );
  }
  return (
    <span className="middle-text" title={text}>
      <span className="middle-head">{characters.slice(0, -tailLength).join('')}</span>
      <span className="middle-tail">{characters.slice(-tailLength).join('')}</span>
    </span>
  );
}
