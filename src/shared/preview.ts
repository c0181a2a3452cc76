/** What an artifact looks like without opening it whole. Plain data: it crosses to panels. Everything in it is foreign text. */
export type Preview =
	| {
			readonly kind: "text";
			readonly text: string;
			/** Only the beginning is here. */
			readonly truncated: boolean;
			/** An editor's language id (`python`, `html`, `yaml`), null where the name does not tell. */
			readonly language: string | null;
	  }
	| { readonly kind: "markdown"; readonly text: string; readonly truncated: boolean }
	/** Indented, otherwise as it stands in the file: numbers keep all their digits. */
	| { readonly kind: "json"; readonly text: string; readonly truncated: boolean }
	| TablePreview
	| { readonly kind: "array"; readonly entries: readonly ArrayPreview[]; readonly truncated: boolean }
	/** Show with a `data:` or `blob:` URL in an `img` only, where an SVG runs no script. */
	| { readonly kind: "image"; readonly mimeType: string; readonly bytes: Uint8Array }
	/** The first bytes in hexadecimal, 16 a line. */
	| { readonly kind: "binary"; readonly hexHead: string; readonly sizeBytes: number | null }
	| { readonly kind: "tooLarge"; readonly sizeBytes: number; readonly limitBytes: number };

export interface TablePreview {
	readonly kind: "table";
	/** `type` as the file calls it; for text tables `number`, `boolean` or `text`. */
	readonly columns: readonly { readonly name: string; readonly type: string }[];
	/** The first rows, as many cells as columns. */
	readonly rows: readonly (readonly string[])[];
	/** Null where only reading the whole file would tell. */
	readonly totalRows: number | null;
	/** There are more rows or columns than these. */
	readonly truncated: boolean;
}

export interface ArrayPreview {
	/** Inside an npz its name there; empty for a plain npy. */
	readonly name: string;
	/** NumPy's own name, e.g. `float32`, `<U10`. */
	readonly dtype: string;
	readonly shape: readonly number[];
	/** The first values in the order of the file. */
	readonly values: readonly string[];
	/** `column`: Fortran order, the first index varies fastest. */
	readonly order: "row" | "column";
	/** Over the finite ones of the first `countedValues` values; null where there are none. */
	readonly min: number | null;
	readonly max: number | null;
	readonly mean: number | null;
	readonly countedValues: number;
	readonly nonFiniteValues: number;
	/** Why there are no values, e.g. an object array, which only running its code would show. */
	readonly note: string | null;
}
