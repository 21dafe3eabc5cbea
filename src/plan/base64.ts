/** @file Bytes as base64 and back: constants in a Plan, weights in a module. */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** `btoa` wants a binary string, which for large tables costs more than doing it here. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  // In pieces, since an array holds only so many parts.
  for (let start = 0; start < bytes.length; start += pieceBytes) text += encodePiece(bytes.subarray(start, start + pieceBytes));
  return text;
}

/** Divisible by 3, so that only the last piece is padded. */
const pieceBytes = 3 * 2 ** 13;

function encodePiece(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const known = bytes.length - i;
    parts.push(
      alphabet[word >> 18],
      alphabet[(word >> 12) & 63],
      known > 1 ? alphabet[(word >> 6) & 63] : "=",
      known > 2 ? alphabet[word & 63] : "=",
    );
  }
  return parts.join("");
}

/** @throws DOMException when the text is not base64 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
