/** Percent escapes resolved as Python's `unquote` does, and so MLflow: what is none (`100% done`) stays as it is. */
export function percentDecoded(text: string): string {
	return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
		new TextDecoder().decode(Uint8Array.from(escapes.slice(1).split("%"), (hex) => Number.parseInt(hex, 16))),
	);
}
