import * as three from "three";
import { Sharpness } from "./sharpness";

/** Renderers of a processor: they draw everything, and take their time in proportion to the pixels. */
const softwareNames = /swiftshader|llvmpipe|softpipe|software|basic render/i;
/** A motion has ended when nothing moved for this long. */
const restMs = 250;
/** A picture that took longer was held up by something else. */
const longestMs = 1_000;
/** More pixels than the screen has make smooth edges where the renderer makes none. */
const restFactor = 1.5;

/** The canvas that models are drawn on, as sharp as the machine can while they move, and sharp when they stand. */
export class Screen {
	readonly renderer: three.WebGLRenderer;
	/** No graphics card draws here. */
	readonly isSoftware: boolean;
	/** Pictures drawn, and what drawing them took in this page in all; for tests and the bench. */
	readonly drawn = { count: 0, ms: 0 };
	readonly #sharpness = new Sharpness();
	#movedMs = Number.NEGATIVE_INFINITY;
	#beforeMs: number | null = null;
	#isSharp = false;
	#scale = 0;

	/** Throws where the window draws no 3D at all. */
	constructor(readonly canvas: HTMLCanvasElement) {
		this.isSoftware = softwareNames.test(rendererName());
		// Edges are smoothed by a card for next to nothing; a processor draws each sample.
		this.renderer = new three.WebGLRenderer({ canvas, antialias: !this.isSoftware });
		this.renderer.outputColorSpace = three.LinearSRGBColorSpace;
		this.renderer.shadowMap.enabled = true;
		this.renderer.shadowMap.type = three.PCFShadowMap;
	}

	/** How many pixels a picture has to a pixel of the page's. */
	get scale(): number {
		return this.#scale;
	}

	/** Has the picture stood long enough to be drawn sharp, and was not yet? */
	isDue(nowMs: number): boolean {
		return !this.#isSharp && nowMs - this.#movedMs > restMs;
	}

	/** `picture` draws one of this size, in pixels of the page. `ownMs` of the frame went into anything but drawing; `isMoving`: another picture follows this one at once. */
	draw(picture: (width: number, height: number) => void, { nowMs, ownMs, isMoving }: Drawing): void {
		const { clientWidth: width, clientHeight: height } = this.canvas;
		if (width === 0 || height === 0) return;
		const began = performance.now();
		if (isMoving) {
			if (this.#beforeMs !== null) this.#sharpness.note(Math.min(longestMs, nowMs - this.#beforeMs), ownMs);
			this.#beforeMs = nowMs;
			this.#movedMs = nowMs;
		} else this.#beforeMs = null;
		const full = Math.min(2, devicePixelRatio);
		const scale = isMoving ? full * this.#sharpness.moving : this.isSoftware ? Math.min(2, full * restFactor) : full;
		this.#isSharp = !isMoving;
		this.#scale = scale;
		this.renderer.setPixelRatio(scale);
		this.renderer.setSize(width, height, false);
		picture(width, height);
		this.drawn.count++;
		this.drawn.ms += performance.now() - began;
	}
}

interface Drawing {
	readonly nowMs: number;
	readonly ownMs: number;
	readonly isMoving: boolean;
}

function rendererName(): string {
	const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
	if (!gl) return "";
	const named = gl.getExtension("WEBGL_debug_renderer_info");
	const name: unknown = gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
	gl.getExtension("WEBGL_lose_context")?.loseContext();
	return String(name);
}
