import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Browser, Page } from "playwright-core";
import { CallPeer, type Contract, type Handlers } from "../../src/shared/call";
import { commonCalls, type panelCalls } from "../../src/shared/panels/panelContract";
import { panelFiles } from "../../test/support/panelPage";
import { root } from "./peers";

export interface PanelStage {
	readonly page: Page;
	/** Navigates to the panel: what a click in the editor does. */
	open(): Promise<void>;
	/** Sends a whole state, as the host does. */
	show(state: unknown): Promise<void>;
	close(): Promise<void>;
}

/**
 * A panel as it is shipped (dist/webview, minified) on an empty page that is open already, so that a measured time holds what the
 * editor's does and no more: no browser context, no bundling; messages go over one open connection with their arrays as bytes.
 */
export async function setPanelStage<C extends Contract>(options: {
	readonly browser: Browser;
	readonly panel: string;
	readonly calls: C;
	readonly handlers: Handlers<C>;
	/** Asked for when the panel is ready. */
	readonly state: () => unknown;
	readonly width: number;
	readonly height: number;
}): Promise<PanelStage> {
	const script = readFileSync(join(root, "dist", "webview", `${options.panel}.js`), "utf8");
	const files = panelFiles(options.panel, "dark", script, "; connect-src 'self'");
	let stream: ServerResponse | undefined;
	const peer = new CallPeer<C & typeof commonCalls, typeof panelCalls>(
		{ post: (message) => void stream?.write(toFrame(message)) },
		{ ...options.calls, ...commonCalls },
		{
			...options.handlers,
			ready: async () => {
				await peer.call("show", { state: options.state() } as never);
			},
			openLink: () => {},
			copy: () => {},
		} as unknown as Handlers<C & typeof commonCalls>,
	);
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		if (request.url === "/stream") {
			stream = response.writeHead(200, { "content-type": "application/octet-stream" });
			response.flushHeaders();
			return;
		}
		if (request.url === "/post") {
			peer.receive(JSON.parse(await text(request)));
			response.writeHead(204).end();
			return;
		}
		const served = files[request.url ?? ""];
		if (served) response.writeHead(200, { "content-type": served.type }).end(served.body());
		else response.writeHead(404).end();
	};
	const server = createServer((request, response) => void answer(request, response));
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	const context = await options.browser.newContext({ viewport: { width: options.width, height: options.height } });
	const page = await context.newPage();
	await page.addInitScript(bridgeScript);
	return {
		page,
		open: async () => {
			await page.goto(`http://127.0.0.1:${port}/`, { waitUntil: "commit" });
		},
		show: async (state) => {
			await peer.call("show", { state } as never);
		},
		close: async () => {
			peer.close();
			stream?.end();
			await context.close();
			await new Promise((done) => server.close(done));
		},
	};
}

/** Two lengths, the message as JSON padded to a multiple of eight bytes, then the arrays it names by place and length. */
function toFrame(message: unknown): Buffer {
	const arrays: Uint8Array[] = [];
	let offset = 0;
	const json = JSON.stringify(message, (_key, value: unknown) => {
		if (value instanceof Float64Array) {
			const at = offset;
			arrays.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
			offset += value.byteLength;
			return { $f64: [at, value.length] };
		}
		return typeof value === "number" && !Number.isFinite(value) ? { $n: String(value) } : value;
	});
	const head = Buffer.alloc(8);
	const body = Buffer.from(json);
	const padding = Buffer.alloc((8 - (body.length % 8)) % 8, " ");
	head.writeUInt32LE(body.length + padding.length, 0);
	head.writeUInt32LE(offset, 4);
	return Buffer.concat([head, body, padding, ...arrays]);
}

/** Runs in the page before the panel's script: stands where VS Code's own webview API stands, and counts the lines that are drawn. */
function bridgeScript(): void {
	const scope = globalThis as unknown as Record<string, unknown>;
	let kept: unknown;
	scope.acquireVsCodeApi = () => {
		void receive();
		return {
			postMessage: (message: unknown) => void fetch("/post", { method: "POST", body: JSON.stringify(message) }),
			getState: () => kept,
			setState: (next: unknown) => {
				kept = next;
			},
		};
	};
	const receive = async () => {
		const reader = (await fetch("/stream")).body?.getReader();
		let held = new Uint8Array(1 << 20);
		let length = 0;
		for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
			if (length + part.value.length > held.length) {
				const larger = new Uint8Array(2 * (length + part.value.length));
				larger.set(held.subarray(0, length));
				held = larger;
			}
			held.set(part.value, length);
			length += part.value.length;
			let at = 0;
			while (length - at >= 8) {
				const sizes = new DataView(held.buffer, at, 8);
				const end = at + 8 + sizes.getUint32(0, true) + sizes.getUint32(4, true);
				if (end > length) break;
				const frame = held.slice(at + 8, end);
				window.postMessage(toMessage(frame, sizes.getUint32(0, true)), "*");
				at = end;
			}
			held.copyWithin(0, at, length);
			length -= at;
		}
	};
	const decoder = new TextDecoder();
	const toMessage = (frame: Uint8Array<ArrayBuffer>, jsonBytes: number): unknown =>
		JSON.parse(decoder.decode(frame.subarray(0, jsonBytes)), (_key, value: unknown) => {
			const packed = value as { $f64?: [number, number]; $n?: string } | null;
			if (typeof packed !== "object" || packed === null) return value;
			if (packed.$f64)
				return new Float64Array(
					frame.buffer.slice(jsonBytes + packed.$f64[0], jsonBytes + packed.$f64[0] + 8 * packed.$f64[1]),
				);
			return packed.$n === undefined ? value : Number(packed.$n);
		});

	const strokes = new Map<HTMLCanvasElement, number>();
	const stroke = CanvasRenderingContext2D.prototype.stroke as (this: CanvasRenderingContext2D, path?: Path2D) => void;
	CanvasRenderingContext2D.prototype.stroke = function (this: CanvasRenderingContext2D, ...path: [] | [Path2D]) {
		// Runs' lines are joined so (webview/charts/drawLines.ts), the axes' are not.
		if (this.lineJoin === "bevel") strokes.set(this.canvas, (strokes.get(this.canvas) ?? 0) + 1);
		stroke.apply(this, path);
	};
	/** Charts with at least so many lines drawn. */
	scope.chartsWithLines = (least: number) => [...strokes.values()].filter((count) => count >= least).length;
}
