import type { Series } from "../../shared/run";
import { parseHparams } from "./hparams";
import { PointColumns } from "./pointColumns";
import { ScalarEvent } from "./scalarEvent";
import type { RecordSink } from "./scanRecords";
import { type MediaPlace, type TagLog, TagTable } from "./tagLog";
import { scalarOfTensor, stringsOfTensor } from "./tensor";
import { decodeText, WireError, WireReader } from "./wireReader";

/** From this version on, writers say when they restart; before it, a step that goes back says so. */
const versionWithSessionLog = 2;
const sessionStart = 1;

/**
 * What the event records of one run add up to, with the same rules for restarts as TensorBoard's EventAccumulator
 * (`purge_orphaned_data`), but with every point kept.
 * Formats: tensorboard/compat/proto/event.proto, summary.proto, tensor.proto.
 */
export class RunLog implements RecordSink {
	readonly #tags = new TagTable();
	readonly params = new Map<string, string>();
	firstTimeMs: number | null = null;
	lastTimeMs: number | null = null;
	hasEnded = false;
	/** Something was dropped, or would be: what came before in the file order depends on what came after. */
	isOrderBound = false;
	damagedRecords = 0;
	#version = 0;
	#latestStep = -1;
	#file = "";
	#base = 0;
	readonly #scalar = new ScalarEvent();
	readonly #event = new WireReader(emptyView, 0, 0);
	readonly #value = new WireReader(emptyView, 0, 0);

	/** The records that follow lie in this file; the view given with them starts at `base` bytes from its start. */
	place(file: string, base: number): void {
		this.#file = file;
		this.#base = base;
	}

	damaged(): void {
		this.damagedRecords++;
	}

	record(view: DataView, from: number, to: number): void {
		try {
			this.#take(view, from, to);
		} catch (error) {
			if (!(error instanceof WireError)) throw error;
			this.damaged();
		}
	}

	/** Last value of each metric that has one, as MLflow counts it. */
	lastValues(): [string, number][] {
		const values: [string, number][] = [];
		for (const { tag, lastValue } of this.#tags) if (lastValue !== null) values.push([tag, lastValue]);
		return values.sort(([a], [b]) => (a < b ? -1 : 1));
	}

	series(metric: string): Series | null {
		return this.#tags.named(metric)?.series() ?? null;
	}

	/** Images and texts by tag, each in step order. */
	media(): { readonly tag: string; readonly kind: "image" | "text"; readonly places: readonly MediaPlace[] }[] {
		const media: { tag: string; kind: "image" | "text"; places: MediaPlace[] }[] = [];
		const inStepOrder = (places: MediaPlace[]) => places.sort((a, b) => a.step - b.step || a.timeMs - b.timeMs);
		for (const { tag, simpleImages, tensorImages, texts } of this.#tags) {
			const images = [...simpleImages, ...tensorImages];
			if (images.length > 0) media.push({ tag, kind: "image", places: inStepOrder(images) });
			if (texts.length > 0) media.push({ tag, kind: "text", places: inStepOrder([...texts]) });
		}
		return media.sort((a, b) => (a.tag < b.tag ? -1 : 1));
	}

	/** The metrics that grew or shrank since this was last asked. */
	takeGrown(): string[] {
		const grown: string[] = [];
		for (const log of this.#tags) {
			if (log.hasGrown) grown.push(log.tag);
			log.hasGrown = false;
		}
		return grown;
	}

	get sizeBytes(): number {
		let size = 0;
		for (const { simple, tensor } of this.#tags) size += (simple?.sizeBytes ?? 0) + (tensor?.sizeBytes ?? 0);
		return size;
	}

	#take(view: DataView, from: number, to: number): void {
		const scalar = this.#scalar;
		if (this.#version >= versionWithSessionLog && scalar.parse(view, from, to)) {
			this.#sawTime(scalar.timeMs);
			this.#takeScalar(this.#tags.find(view, scalar.tagFrom, scalar.tagTo), scalar.step, scalar.timeMs, scalar.value);
			return;
		}
		const event = this.#event.of(view, from, to);
		let timeMs = 0;
		let step = 0;
		let summaryFrom = -1;
		let summaryTo = -1;
		let isRestart = false;
		while (event.next()) {
			switch (event.field) {
				case 1:
					if (event.wire === 1) timeMs = view.getFloat64(event.from, true) * 1000;
					break;
				case 2:
					if (event.wire === 0) step = event.int64();
					break;
				case 3:
					if (event.wire === 2) this.#version = parseVersion(event.text());
					break;
				case 5:
					if (event.wire === 2) {
						summaryFrom = event.from;
						summaryTo = event.to;
					}
					break;
				case 7:
					if (event.wire === 2) isRestart = isSessionStart(view, event.from, event.to);
					break;
			}
		}
		this.#sawTime(timeMs);
		this.#dropOrphans(view, step, isRestart, summaryFrom, summaryTo);
		if (summaryFrom < 0) return;
		const summary = event.of(view, summaryFrom, summaryTo);
		while (summary.next()) {
			if (summary.field === 1 && summary.wire === 2) this.#takeValue(view, summary.from, summary.to, step, timeMs);
		}
	}

	#sawTime(timeMs: number): void {
		if (!Number.isFinite(timeMs)) return;
		this.firstTimeMs ??= timeMs;
		if (this.lastTimeMs === null || timeMs > this.lastTimeMs) this.lastTimeMs = timeMs;
	}

	#dropOrphans(view: DataView, step: number, isRestart: boolean, summaryFrom: number, summaryTo: number): void {
		if (this.#version >= versionWithSessionLog) {
			if (!isRestart) return;
			this.isOrderBound = true;
			for (const log of this.#tags) log.dropFrom(step);
			return;
		}
		this.isOrderBound = true;
		if (summaryFrom < 0 || step >= this.#latestStep) {
			this.#latestStep = step;
			return;
		}
		const summary = new WireReader(view, summaryFrom, summaryTo);
		while (summary.next()) {
			if (summary.field !== 1 || summary.wire !== 2) continue;
			const value = new WireReader(view, summary.from, summary.to);
			while (value.next()) {
				if (value.field === 1 && value.wire === 2) this.#tags.find(view, value.from, value.to).dropFrom(step);
			}
		}
	}

	#takeValue(view: DataView, from: number, to: number, step: number, timeMs: number): void {
		const value = this.#value.of(view, from, to);
		let tagFrom = from;
		let tagTo = from;
		let nodeFrom = -1;
		let nodeTo = -1;
		let kind = 0;
		let placeFrom = 0;
		let placeTo = 0;
		let metadataFrom = -1;
		let metadataTo = -1;
		while (value.next()) {
			switch (value.field) {
				case 1:
					if (value.wire !== 2) break;
					tagFrom = value.from;
					tagTo = value.to;
					break;
				case 7:
					if (value.wire !== 2) break;
					nodeFrom = value.from;
					nodeTo = value.to;
					break;
				case 9:
					if (value.wire !== 2) break;
					metadataFrom = value.from;
					metadataTo = value.to;
					break;
				case 2:
				case 4:
				case 8:
					if (value.wire !== (value.field === 2 ? 5 : 2)) break;
					kind = value.field;
					placeFrom = value.from;
					placeTo = value.to;
					break;
			}
		}
		if (kind === 8 && tagFrom === tagTo && nodeFrom >= 0) {
			tagFrom = nodeFrom;
			tagTo = nodeTo;
		}
		const log = this.#tags.find(view, tagFrom, tagTo);
		if (metadataFrom >= 0 && log.plugin === null) this.#takeMetadata(log, view, metadataFrom, metadataTo);
		if (kind === 2) this.#takeScalar(log, step, timeMs, view.getFloat32(placeFrom, true));
		else if (kind === 4) this.#takeImage(log, view, placeFrom, placeTo, step, timeMs);
		else if (kind === 8) this.#takeTensor(log, view, placeFrom, placeTo, step, timeMs);
	}

	#takeScalar(log: TagLog, step: number, timeMs: number, value: number): void {
		log.simple ??= new PointColumns();
		log.simple.push(step, timeMs, value);
		log.hasGrown = true;
	}

	/** SummaryMetadata: the plugin's name, and with hparams all that it has to say. */
	#takeMetadata(log: TagLog, view: DataView, from: number, to: number): void {
		log.plugin = "";
		const metadata = new WireReader(view, from, to);
		while (metadata.next()) {
			if (metadata.field !== 1 || metadata.wire !== 2) continue;
			const plugin = new WireReader(view, metadata.from, metadata.to);
			let content: WireReader | null = null;
			while (plugin.next()) {
				if (plugin.wire !== 2) continue;
				if (plugin.field === 1) log.plugin = plugin.text();
				else if (plugin.field === 2) content = new WireReader(view, plugin.from, plugin.to);
			}
			if (log.plugin !== "hparams" || !content) continue;
			const { params, hasEnded } = parseHparams(content);
			for (const [key, value] of params ?? []) this.params.set(key, value);
			this.hasEnded ||= hasEnded;
		}
	}

	#takeTensor(log: TagLog, view: DataView, from: number, to: number, step: number, timeMs: number): void {
		switch (log.plugin) {
			case "scalars": {
				const scalar = scalarOfTensor(new WireReader(view, from, to));
				if (scalar === null) return;
				log.tensor ??= new PointColumns();
				log.tensor.push(step, timeMs, scalar);
				log.hasGrown = true;
				return;
			}
			case "images": {
				// Width and height as text, then one encoded image a sample.
				const images = stringsOfTensor(new WireReader(view, from, to))?.places.slice(2) ?? [];
				for (const [start, end] of images) log.tensorImages.push(this.#mediaPlace(start, end, step, timeMs));
				return;
			}
			case "text":
				log.texts.push(this.#mediaPlace(from, to, step, timeMs));
				return;
		}
	}

	/** Summary.Image: the encoded bytes are field 4. */
	#takeImage(log: TagLog, view: DataView, from: number, to: number, step: number, timeMs: number): void {
		const image = new WireReader(view, from, to);
		while (image.next()) {
			if (image.field !== 4 || image.wire !== 2) continue;
			log.simpleImages.push(this.#mediaPlace(image.from, image.to, step, timeMs));
		}
	}

	#mediaPlace(from: number, to: number, step: number, timeMs: number): MediaPlace {
		return { step, timeMs, file: this.#file, offset: this.#base + from, length: to - from };
	}
}

const emptyView = new DataView(new ArrayBuffer(0));

/** `brain.Event:2`; what says no number counts as a version before restarts were logged. */
function parseVersion(text: string): number {
	const version = Number.parseFloat(text.slice(text.lastIndexOf(":") + 1));
	return Number.isNaN(version) ? -1 : version;
}

function isSessionStart(view: DataView, from: number, to: number): boolean {
	const session = new WireReader(view, from, to);
	let status = 0;
	while (session.next()) if (session.field === 1 && session.wire === 0) status = session.low;
	return status === sessionStart;
}

/** The text of a logged TensorProto: one line a row, its cells with a bar between them. */
export function textOfTensor(bytes: Uint8Array): string {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const tensor = stringsOfTensor(new WireReader(view, 0, bytes.byteLength));
	if (!tensor) return "";
	const cells = tensor.places.map(([from, to]) => decodeText(view, from, to));
	const columns = tensor.shape.length === 2 ? Math.max(1, tensor.shape[1] ?? 1) : 1;
	const rows: string[] = [];
	for (let at = 0; at < cells.length; at += columns) rows.push(cells.slice(at, at + columns).join(" | "));
	return rows.join("\n");
}
