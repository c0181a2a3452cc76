/** What the first bytes say an image is (PNG, JPEG, GIF, WebP, BMP); null for anything else. SVG is text and not told here. */
export function imageMimeType(bytes: Uint8Array): string | null {
	if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
	if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return "image/jpeg";
	if (startsWith(bytes, 0, [0x47, 0x49, 0x46, 0x38])) return "image/gif";
	if (startsWith(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, 8, [0x57, 0x45, 0x42, 0x50])) {
		return "image/webp";
	}
	if (startsWith(bytes, 0, [0x42, 0x4d]) && bytes.length > 26) return "image/bmp";
	return null;
}

function startsWith(bytes: Uint8Array, at: number, signature: readonly number[]): boolean {
	return signature.every((byte, index) => bytes[at + index] === byte);
}
