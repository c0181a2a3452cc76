/** Node's `Buffer` crosses to a panel as a list of numbers: only plain arrays of bytes cross as bytes. */
export function plainBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	return new Uint8Array(bytes);
}
