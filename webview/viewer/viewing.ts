import type { ModelProblem, ViewedActor, ViewerState } from "../../src/shared/panels/viewerPanel";
import { readTheme } from "../common/theme";
import { type Actor, PhysicsActor, RolloutActor } from "./actors";
import { loadMujoco } from "./loadMujoco";
import { modelProblemOf } from "./modelProblem";
import { Network } from "./network";
import { Physics, type State } from "./physics";
import { Player } from "./player";
import { plottedLabels, plottedValues } from "./plottedValues";
import { PolicyActor } from "./policyActor";
import type { Push } from "./push";
import { Screen } from "./screen";
import { Stage } from "./stage";
import { Trace } from "./trace";
import type { ViewerSession } from "./viewerSession";
import { firstViewpoint, type Viewpoint } from "./viewpoint";

/** How often the words beside the picture follow it. */
const wordsEveryMs = 200;

export type Status =
	| { readonly kind: "reading" }
	| { readonly kind: "problem"; readonly problem: ModelProblem }
	| { readonly kind: "ready" };

/** One model in the panel: its physics, its picture, its time. Survives whatever is saved into the model's file. */
export class Viewing {
	status: Status = { kind: "reading" };
	/** A sentence about what went wrong while it ran; null: nothing. */
	trouble: string | null = null;
	physics: Physics | null = null;
	stage: Stage | null = null;
	player: Player | null = null;
	trace = new Trace([]);
	rewards = new Trace([]);
	viewpoint: Viewpoint | null = null;
	/** The body that is picked, and the one that the view goes along with. */
	picked: number | null = null;
	tracked: number | null = null;
	push: Push | null = null;
	#screen: Screen | null = null;
	#revision = -1;
	#loading: Promise<void> = Promise.resolve();
	#actorsKey = "";
	#isDirty = true;
	#wordsMs = 0;
	/** When the first picture was there, in ms of the page; for tests and the bench. */
	firstPictureMs: number | null = null;

	constructor(private readonly session: ViewerSession) {
		session.on(() => this.#follow());
		const frame = (nowMs: number) => {
			void this.#frame(nowMs).finally(() => requestAnimationFrame(frame));
		};
		requestAnimationFrame(frame);
	}

	attach(canvas: HTMLCanvasElement): void {
		if (this.#screen?.canvas === canvas) return;
		try {
			this.#screen = new Screen(canvas);
		} catch {
			this.#fail({
				message:
					"This window draws no 3D: WebGL is off or not there. Turn hardware acceleration on, or try another machine.",
				path: null,
				line: null,
			});
			return;
		}
		new ResizeObserver(() => this.invalidate()).observe(canvas);
		this.#follow();
	}

	/** What it is drawn on; null before it is there. */
	get screen(): Screen | null {
		return this.#screen;
	}

	get state(): State | null {
		return this.player?.actors[0]?.state ?? null;
	}

	get camera(): number {
		const { camera } = this.session.kept;
		return camera === "" ? -1 : (this.physics?.names("cam").indexOf(camera) ?? -1);
	}

	/** The picture is to be drawn anew. */
	invalidate(): void {
		this.#isDirty = true;
	}

	/** Words and picture. */
	changed(): void {
		this.invalidate();
		this.session.changed();
	}

	look(change: (viewpoint: Viewpoint) => Viewpoint): void {
		if (!this.viewpoint) return;
		this.viewpoint = change(this.viewpoint);
		this.invalidate();
	}

	resetView(): void {
		const { physics } = this;
		if (!physics) return;
		const { centre, extent, azimuth, elevation } = physics.look;
		this.viewpoint = firstViewpoint(centre, extent, azimuth, elevation);
		this.tracked = null;
		this.changed();
	}

	/** Time begins anew: what was plotted is of another. */
	restart(): void {
		this.trouble = null;
		this.trace.clear();
		this.rewards.clear();
		this.#note();
	}

	setPlot(): void {
		if (!this.physics) return;
		this.trace = new Trace(plottedLabels(this.physics, this.session.kept.plot));
		this.#note();
		this.changed();
	}

	/** The picture as it is now, as base64 of a PNG. */
	picture(): string {
		this.#draw(performance.now(), 0, false);
		return (this.#screen?.canvas.toDataURL("image/png") ?? "").replace(/^data:image\/png;base64,/, "");
	}

	get canvas(): HTMLCanvasElement | null {
		return this.#screen?.canvas ?? null;
	}

	#follow(): void {
		const { state } = this.session;
		if (!state || !this.#screen) return;
		if (state.revision !== this.#revision) {
			this.#revision = state.revision;
			this.#loading = this.#loading.then(() => this.#load(state));
		}
		const key = JSON.stringify([state.actors, state.revision, this.session.kept.seed, this.session.kept.noise]);
		if (key !== this.#actorsKey) {
			this.#actorsKey = key;
			this.#loading = this.#loading.then(() => this.#setActors(state));
		}
		this.invalidate();
	}

	async #load({ wasm }: ViewerState): Promise<void> {
		let main = "";
		try {
			const [read, engine] = await Promise.all([
				this.session.host.call("readModel", undefined),
				loadMujoco(wasm.mujoco),
			]);
			if ("message" in read) return this.#fail(read);
			main = read.main;
			this.#open(Physics.open(engine, read));
		} catch (error) {
			this.#fail(modelProblemOf(error, main));
		}
	}

	/** What was there before goes only now: a file that is broken for a moment costs nothing. */
	#open(physics: Physics): void {
		const screen = this.#screen;
		if (!screen) {
			physics.close();
			return;
		}
		const wasPlaying = this.player?.isPlaying;
		const hadView = this.viewpoint !== null;
		this.#close();
		const state = physics.newState();
		this.physics = physics;
		this.stage = new Stage(screen, physics, state);
		this.#setPlayer([new PhysicsActor(state, "", () => this.push?.apply())]);
		if (!hadView) this.resetView();
		if (this.player) this.player.isPlaying = wasPlaying ?? !matchMedia("(prefers-reduced-motion: reduce)").matches;
		this.status = { kind: "ready" };
		this.trouble = null;
		this.setPlot();
	}

	#setPlayer(actors: readonly Actor[]): void {
		const { isPlaying = false, hasRunOut = false, speed = this.session.kept.speed } = this.player ?? {};
		const player = new Player(actors, () => this.#moment());
		player.isPlaying = isPlaying || hasRunOut;
		player.speed = speed;
		this.player = player;
		this.rewards = new Trace(
			actors.flatMap((actor) => (actor.returnAt(0) === null ? [] : [actor.name])),
			20_000,
		);
		this.trace.clear();
		this.#note();
	}

	async #setActors(state: ViewerState): Promise<void> {
		const { physics, stage } = this;
		if (!physics || !stage || (state.actors.length === 0 && this.player?.actors[0] instanceof PhysicsActor)) return;
		const before = this.player?.actors ?? [];
		const made: Actor[] = [];
		try {
			for (const [at, actor] of state.actors.entries()) {
				const own = at === 0 ? stage.state : physics.newState();
				made.push(await this.#actorOf(actor, own, state));
			}
			this.trouble = null;
		} catch (error) {
			this.trouble = error instanceof Error ? error.message : String(error);
		}
		for (const actor of before) {
			if (actor instanceof PolicyActor) actor.close();
			if (actor.state !== stage.state) actor.state.close();
		}
		if (made.length === 0) {
			stage.state.reset();
			made.push(new PhysicsActor(stage.state, "", () => this.push?.apply()));
		}
		stage.setSecond(made[1]?.state ?? null);
		this.#setPlayer(made);
		this.changed();
	}

	async #actorOf(actor: ViewedActor, own: State, { wasm }: ViewerState): Promise<Actor> {
		const { host, kept } = this.session;
		if (actor.kind === "rollout") {
			const { nq, nv, nu, na } = own.physics.model;
			const sizes = { nq, nv, nu, na, timestep: own.physics.timestep };
			return new RolloutActor(own, actor.name, await host.call("readRollout", { id: actor.id, sizes }));
		}
		const { spec, onnx } = await host.call("readPolicy", { id: actor.id });
		const ports: { input?: string; output?: string } = {};
		if (typeof spec === "object" && spec !== null) {
			if ("input" in spec && typeof spec.input === "string") ports.input = spec.input;
			if ("output" in spec && typeof spec.output === "string") ports.output = spec.output;
		}
		const network = await Network.open(wasm.onnx, onnx, ports);
		const start = { seed: kept.seed, noise: kept.noise };
		return new PolicyActor(own, actor.name, spec, network, start, () => this.push?.apply());
	}

	#moment(): void {
		const lost = this.player?.actors.map(({ state }) => state.lost()).find((joint) => joint !== null);
		if (lost !== undefined && this.player) {
			this.player.isPlaying = false;
			this.trouble = `The simulation came apart at ${this.player.timeS.toFixed(3)} s: the state of ${lost} is no longer a number or beyond all bounds. Reset it (R), or try a smaller timestep.`;
		} else if (this.trouble?.startsWith("The simulation")) this.trouble = null;
		this.#note();
		this.invalidate();
	}

	#note(): void {
		const { player, state } = this;
		if (!player || !state) return;
		this.trace.note(player.timeS, plottedValues(state, this.session.kept.plot));
		const returns = player.actors.map((actor) => actor.returnAt(player.timeS)).filter((value) => value !== null);
		if (returns.length > 0) this.rewards.note(player.timeS, returns);
	}

	async #frame(nowMs: number): Promise<void> {
		try {
			const began = performance.now();
			const isNew = (await this.player?.frame(nowMs)) ?? false;
			const isMoving = isNew || this.#isDirty;
			if (!isMoving && (this.player?.isPlaying || !this.#screen?.isDue(nowMs))) return;
			this.#draw(nowMs, performance.now() - began, isMoving);
			if (!isMoving) return;
			if (nowMs - this.#wordsMs > wordsEveryMs || !this.player?.isPlaying) {
				this.#wordsMs = nowMs;
				this.session.changed();
				this.#isDirty = false;
			}
		} catch (error) {
			if (this.player) this.player.isPlaying = false;
			this.trouble = error instanceof Error ? error.message : String(error);
			this.session.changed();
		}
	}

	#draw(nowMs: number, ownMs: number, isMoving: boolean): void {
		const { stage, viewpoint } = this;
		const screen = this.#screen;
		this.#isDirty = false;
		if (!stage || !viewpoint || !screen) return;
		const { kept } = this.session;
		stage.setBackground(readTheme().background);
		const view = {
			camera: this.camera,
			viewpoint: this.#trackedViewpoint(viewpoint),
			overlays: new Set(kept.overlays),
			groups: kept.groups,
			isSideBySide: kept.isSideBySide,
			pull: this.push?.pull ?? null,
			marked: this.picked,
		};
		screen.draw((width, height) => stage.draw(view, width, height), { nowMs, ownMs, isMoving });
		this.firstPictureMs ??= performance.now();
	}

	#trackedViewpoint(viewpoint: Viewpoint): Viewpoint {
		if (this.tracked === null || !this.state) return viewpoint;
		const [x = 0, y = 0, z = 0] = this.state.now.xpos.subarray(this.tracked * 3, this.tracked * 3 + 3);
		this.viewpoint = { ...viewpoint, centre: [x, y, z] };
		return this.viewpoint;
	}

	#fail(problem: ModelProblem): void {
		this.status = { kind: "problem", problem };
		if (this.player) this.player.isPlaying = false;
		this.changed();
	}

	#close(): void {
		for (const actor of this.player?.actors ?? []) if (actor instanceof PolicyActor) actor.close();
		this.stage?.dispose();
		this.physics?.close();
		this.player = null;
		this.stage = null;
		this.physics = null;
		this.push = null;
		this.picked = null;
		this.tracked = null;
	}
}
