// What a file that somebody chose has in it, as JSON can carry it.

export const base64 = async (one) => {
  const bytes = new Uint8Array(await one.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
};
