import type { Browser } from "playwright-core";
import type { Handlers } from "../../../src/shared/call";
import {
	type ModelFiles,
	type ModelProblem,
	type PolicyFiles,
	type ViewerState,
	viewerCalls,
} from "../../../src/shared/panels/viewerPanel";
import type { Rollout } from "../../../src/shared/policy/rollout";
import { openPanelPage, type PanelPage, type Theme } from "../panelPage";

export interface ViewerPage extends PanelPage {
	/** The model's files are these now: as after a save. */
	save(model: ModelFiles | ModelProblem): Promise<void>;
	setActors(actors: readonly Shown[]): Promise<void>;
	/** What the panel asked its host to write, and to open. */
	readonly saved: { readonly format: string; readonly base64: string }[];
	readonly opened: { readonly path: string; readonly line: number | null }[];
	/** Until the picture is there. */
	ready(): Promise<void>;
	/** The picture's colour at places from 0 to 1, from the left and from above: three bytes each. */
	colours(places: readonly (readonly [x: number, y: number])[]): Promise<readonly (readonly number[])[]>;
	/** qpos and time of the first state. */
	now(): Promise<{ readonly qpos: readonly number[]; readonly timeS: number; readonly isPlaying: boolean }>;
}

export type Shown =
	| { readonly kind: "rollout"; readonly name: string; readonly rollout: Rollout }
	| { readonly kind: "policy"; readonly name: string; readonly policy: PolicyFiles };

export function modelOf(main: string, others: Readonly<Record<string, string>> = {}): ModelFiles {
	const bytes = (text: string) => new TextEncoder().encode(text);
	return {
		main: "model.xml",
		files: [
			{ path: "model.xml", bytes: bytes(main) },
			...Object.entries(others).map(([path, text]) => ({ path, bytes: bytes(text) })),
		],
	};
}

/** The viewer's own bundle in Chromium under its content security policy, with a host that hands out these files. */
export async function openViewer(options: {
	browser: Browser;
	model: ModelFiles | ModelProblem;
	kept?: unknown;
	theme?: Theme;
	width?: number;
	height?: number;
	/** Begins paused, as for a person who wants no motion; true unless said otherwise. */
	isPaused?: boolean;
}): Promise<ViewerPage> {
	let { model } = options;
	let shown: readonly Shown[] = [];
	let revision = 1;
	const saved: { format: string; base64: string }[] = [];
	const opened: { path: string; line: number | null }[] = [];
	const actorOf = (id: number): Shown => {
		const actor = shown[id - 1];
		if (!actor) throw new Error(`no actor ${id}`);
		return actor;
	};
	const handlers: Handlers<typeof viewerCalls> = {
		readModel: () => model,
		readRollout: ({ id }) => {
			const actor = actorOf(id);
			if (actor.kind !== "rollout") throw new Error("no rollout");
			return actor.rollout;
		},
		readPolicy: ({ id }) => {
			const actor = actorOf(id);
			if (actor.kind !== "policy") throw new Error("no policy");
			return actor.policy;
		},
		choose: () => {},
		remove: () => {},
		openSource: (place) => void opened.push(place),
		save: (given) => {
			saved.push(given);
			return true;
		},
	};
	const state = (): ViewerState => ({
		hostNowMs: Date.now(),
		uri: "file:///model.xml",
		title: "model.xml",
		revision,
		wasm: { mujoco: "/mujoco.wasm", onnx: "/onnxruntime.wasm" },
		actors: shown.map(({ kind, name }, at) => ({ id: at + 1, kind, name })),
		wanted: null,
		subject: null,
	});
	const { isPaused = true } = options;
	const panel = await openPanelPage({
		...options,
		...{ panel: "viewer", calls: viewerCalls, handlers, state: state(), runsWasm: true, reducedMotion: isPaused },
	});
	const { page } = panel;
	return {
		...panel,
		saved,
		opened,
		save: async (next) => {
			model = next;
			revision++;
			await panel.show(state());
		},
		setActors: async (next) => {
			shown = next;
			await panel.show(state());
		},
		ready: async () => {
			await page.waitForFunction(() => {
				const { viewing } = viewerOf();
				return (
					viewing.status.kind !== "reading" && (viewing.firstPictureMs !== null || viewing.status.kind === "problem")
				);
				function viewerOf() {
					return document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
				}
			});
		},
		colours: (places) =>
			page.evaluate(async (wanted) => {
				const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
				const image = new Image();
				image.src = `data:image/png;base64,${viewing.picture()}`;
				await image.decode();
				const canvas = document.createElement("canvas");
				[canvas.width, canvas.height] = [image.width, image.height];
				const pen = canvas.getContext("2d", { willReadFrequently: true });
				pen?.drawImage(image, 0, 0);
				return wanted.map(([x, y]) => [
					...(pen?.getImageData(Math.round(x * image.width), Math.round(y * image.height), 1, 1).data ?? []).slice(
						0,
						3,
					),
				]);
			}, places),
		now: () =>
			page.evaluate(() => {
				const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
				const { state, player } = viewing;
				return { qpos: [...state.now.qpos], timeS: player.timeS, isPlaying: player.isPlaying };
			}),
	};
}

/** What tests look at in the page. */
export interface ViewingLike {
	readonly status: { readonly kind: string };
	readonly firstPictureMs: number | null;
	readonly screen: {
		readonly drawn: { count: number; ms: number };
		readonly scale: number;
		readonly isSoftware: boolean;
	};
	readonly picked: number | null;
	readonly state: {
		readonly now: { readonly qpos: Float64Array; readonly qvel: Float64Array };
		readonly timeS: number;
		step(): void;
	};
	readonly player: {
		timeS: number;
		isPlaying: boolean;
		readonly actors: readonly { readonly endedBy?: string | null }[];
	};
	readonly physics: { readonly memoryBytes: number };
	picture(): string;
}
