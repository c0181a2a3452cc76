import type { MessagePort } from "node:worker_threads";
import type { Disposable } from "../../core/disposable";
import type { Logger } from "../../core/logger";
import type { LibraryChange } from "../../core/stores/runLibrary";
import { CallPeer } from "../../shared/call";
import type { Series } from "../../shared/run";
import { libraryCalls, type libraryEvents, mostRunsPerMessage } from "./libraryContract";
import type { OpenStore } from "./libraryStore";
import { StoreLibrary } from "./storeLibrary";
import { transferList } from "./transferList";

/** Answers a host's calls from a library in this thread, and tells it what changes. Arrays of answers are moved, not copied. */
export function serveLibrary(port: MessagePort, open: OpenStore): Disposable {
	const end = {
		post: (message: unknown) => port.postMessage(message, isAnswer(message) ? transferList(message.value) : []),
	};
	const peer: CallPeer<typeof libraryCalls, typeof libraryEvents> = new CallPeer(
		end,
		libraryCalls,
		{
			find: ({ folder, variables, stores }, signal) => library.find(folder, { variables, stores }, signal),
			open: ({ locations }) => library.open(locations),
			refresh: (_, signal) => library.refresh(signal),
			experiments: ({ storeId }, signal) => library.experiments(storeId, signal),
			chart: (query, signal) => library.chart(query, signal),
			history: async ({ key, metric }, signal) => ownSeries(await library.history(key, metric, signal)),
			artifacts: ({ key, path }, signal) => library.artifacts(key, path, signal),
			readArtifact: async ({ key, path, range }, signal) => {
				const { bytes, totalBytes } = await library.readArtifact(key, path, range, signal);
				return { bytes: ownBytes(bytes), totalBytes };
			},
			media: ({ key }, signal) => library.media(key, signal),
			readMedia: async ({ key, tag, index }, signal) => {
				const content = await library.readMedia(key, tag, index, signal);
				return content.kind === "image" ? { ...content, bytes: ownBytes(content.bytes) } : content;
			},
		},
		(reason) => logger.warn("dropped a message from the host", { reason }),
	);
	// The host may be gone by the time a message is answered: nobody is left to tell.
	const tell = <K extends keyof typeof libraryEvents>(name: K, params: Parameters<typeof peer.call<K>>[1]) =>
		void peer.call(name, params).catch(() => {});
	const logger = loggerTo((level, message, details) => tell("logged", { level, message, details }));
	const library = new StoreLibrary({ open, logger });
	library.onDidChange((change) => {
		for (const part of inParts(change)) tell("changed", part);
	});
	port.on("message", (message: unknown) => peer.receive(message));
	return {
		dispose: () => {
			peer.close();
			library.dispose();
		},
	};
}

function isAnswer(message: unknown): message is { type: "done"; value: unknown } {
	return typeof message === "object" && message !== null && "type" in message && message.type === "done";
}

/** The store keeps its own arrays for the next reading: what is sent is a copy. */
function ownSeries({ steps, values, timestampsMs }: Series): Series {
	return { steps: steps.slice(), values: values.slice(), timestampsMs: timestampsMs.slice() };
}

/** A small Node buffer is a view of a pool that must not be moved away. */
function ownBytes(bytes: Uint8Array): Uint8Array {
	return new Uint8Array(bytes);
}

function inParts(change: LibraryChange): LibraryChange[] {
	const { stores, upserted, removed, grown } = change;
	if (upserted.length <= mostRunsPerMessage) return [change];
	const parts: LibraryChange[] = [];
	for (let from = 0; from < upserted.length; from += mostRunsPerMessage) {
		const isFirst = from === 0;
		const isLast = from + mostRunsPerMessage >= upserted.length;
		parts.push({
			stores,
			upserted: upserted.slice(from, from + mostRunsPerMessage),
			removed: isFirst ? removed : [],
			grown: isLast ? grown : [],
		});
	}
	return parts;
}

type Send = (level: "debug" | "info" | "warn" | "error", message: string, details?: Record<string, unknown>) => void;

function loggerTo(send: Send, name = ""): Logger {
	const at =
		(level: "debug" | "info" | "warn" | "error") => (message: string, details?: Readonly<Record<string, unknown>>) =>
			send(level, name + message, details && { ...details });
	return {
		debug: at("debug"),
		info: at("info"),
		warn: at("warn"),
		error: at("error"),
		child: (child) => loggerTo(send, `${name}${child}: `),
	};
}
