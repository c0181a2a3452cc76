import { decodeText, WireReader } from "./wireReader";

/** What the hparams plugin says of one run: tensorboard/plugins/hparams/plugin_data.proto. */
export interface Hparams {
	readonly params: ReadonlyMap<string, string> | null;
	/** A session end was written: the run is over. */
	readonly hasEnded: boolean;
}

/** Reads a HParamsPluginData message; `reader` stands at its start. */
export function parseHparams(reader: WireReader): Hparams {
	let params: Map<string, string> | null = null;
	let hasEnded = false;
	while (reader.next()) {
		if (reader.wire !== 2) continue;
		if (reader.field === 3) params = parseSessionStart(new WireReader(reader.view, reader.from, reader.to));
		else if (reader.field === 4) hasEnded = true;
	}
	return { params, hasEnded };
}

function parseSessionStart(reader: WireReader): Map<string, string> {
	const params = new Map<string, string>();
	while (reader.next()) {
		if (reader.field !== 1 || reader.wire !== 2) continue;
		const pair = new WireReader(reader.view, reader.from, reader.to);
		let key = "";
		let value = "";
		while (pair.next()) {
			if (pair.wire !== 2) continue;
			if (pair.field === 1) key = pair.text();
			else if (pair.field === 2) value = parseValue(pair.view, pair.from, pair.to);
		}
		params.set(key, value);
	}
	return params;
}

/** google.protobuf.Value as MLflow would store it: its Python text. Lists and structs do not occur in hparams. */
function parseValue(view: DataView, from: number, to: number): string {
	const reader = new WireReader(view, from, to);
	let text = "";
	while (reader.next()) {
		if (reader.field === 2 && reader.wire === 1) text = String(view.getFloat64(reader.from, true));
		else if (reader.field === 3 && reader.wire === 2) text = decodeText(view, reader.from, reader.to);
		else if (reader.field === 4 && reader.wire === 0) text = reader.low === 0 ? "False" : "True";
	}
	return text;
}
