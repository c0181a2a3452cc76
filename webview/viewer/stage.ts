import * as three from "three";
import type { Overlay } from "../../src/shared/panels/viewerPanel";
import { Bodies } from "./bodies";
import { drawMarks, type Pull } from "./drawMarks";
import { Lamps } from "./lamps";
import { Marks } from "./marks";
import type { Physics, State } from "./physics";
import { Pictures, skyTexture } from "./pictures";
import type { Screen } from "./screen";
import { Surfaces } from "./surfaces";
import { eyeOf, type Viewpoint } from "./viewpoint";

// Models' colours are meant as the screen shows them, as MuJoCo's own renderer does.
three.ColorManagement.enabled = false;

export interface View {
	/** Index of the model's camera; -1: the free one. */
	readonly camera: number;
	readonly viewpoint: Viewpoint;
	readonly overlays: ReadonlySet<Overlay>;
	readonly groups: readonly number[];
	readonly isSideBySide: boolean;
	readonly pull: Pull | null;
	readonly marked: number | null;
}

/** The scene of one model, drawn on one canvas. A second state is drawn as a ghost, or beside the first. */
export class Stage {
	readonly #scene = new three.Scene();
	readonly #eye = new three.PerspectiveCamera(45, 1, 0.01, 100);
	readonly #surfaces: Surfaces;
	readonly #pictures: Pictures;
	readonly #marks = new Marks();
	readonly #lamps: Lamps;
	readonly #bodies: Bodies;
	#second: { readonly ghost: Bodies; readonly beside: Bodies } | null = null;
	readonly #isOutdoor: boolean;
	/** Does the last picture show two views side by side? */
	splits = false;

	constructor(
		private readonly screen: Screen,
		readonly physics: Physics,
		readonly state: State,
	) {
		this.#surfaces = new Surfaces(physics.model);
		this.#pictures = new Pictures(physics.model);
		this.#bodies = new Bodies(state, this.#surfaces, this.#pictures, false);
		this.#lamps = new Lamps(state);
		const sky = physics.model.tex_type.indexOf(skyTexture);
		this.#isOutdoor = sky >= 0;
		if (sky >= 0) this.#scene.background = this.#sky(sky);
		this.#scene.add(this.#bodies.root, this.#lamps.root, this.#marks.root);
		this.#eye.up.set(0, 0, 1);
	}

	get fovy(): number {
		return this.#eye.fov;
	}

	setSecond(state: State | null): void {
		this.#second?.ghost.dispose();
		this.#second?.beside.dispose();
		this.#second = state && {
			ghost: new Bodies(state, this.#surfaces, this.#pictures, true),
			beside: new Bodies(state, this.#surfaces, this.#pictures, false),
		};
		if (this.#second) this.#scene.add(this.#second.ghost.root, this.#second.beside.root);
	}

	/** Where no sky is in the model, the picture's ground is the theme's. */
	setBackground(colour: string): void {
		if (!this.#isOutdoor) this.#scene.background = new three.Color(colour);
	}

	draw(view: View, width: number, height: number): void {
		const { renderer } = this.screen;
		const isSideBySide = view.isSideBySide && this.#second !== null;
		this.splits = isSideBySide;
		this.#look(view, (isSideBySide ? width / 2 : width) / Math.max(1, height));
		this.#bodies.follow();
		this.#bodies.show(view.groups, view.overlays.has("sites"));
		this.#bodies.mark(view.marked);
		const centre = new three.Vector3(...view.viewpoint.centre);
		this.#lamps.follow(this.state, this.#eye.position, centre);
		this.#lamps.showShadows(view.overlays.has("shadows"));
		renderer.setScissorTest(isSideBySide);
		const second = this.#second;
		for (const bodies of second ? [second.ghost, second.beside] : []) {
			bodies.follow();
			bodies.show(view.groups, view.overlays.has("sites"));
			bodies.root.visible = false;
		}
		this.#bodies.root.visible = true;
		if (!isSideBySide) {
			if (second) second.ghost.root.visible = true;
			drawMarks(this.#marks, this.state, view.overlays, view.pull);
			renderer.setViewport(0, 0, width, height);
			renderer.render(this.#scene, this.#eye);
			return;
		}
		const half = Math.floor(width / 2);
		for (const [state, left] of [[this.state, 0] as const, [second?.beside.state ?? this.state, half] as const]) {
			this.#bodies.root.visible = left === 0;
			if (second) second.beside.root.visible = left > 0;
			drawMarks(this.#marks, state, view.overlays, left === 0 ? view.pull : null);
			renderer.setViewport(left, 0, half, height);
			renderer.setScissor(left, 0, half, height);
			renderer.render(this.#scene, this.#eye);
		}
	}

	/** What lies under a place of the picture, -1 to 1 from left to right and from below upwards. */
	pick(x: number, y: number): ReturnType<Bodies["pick"]> {
		return this.#bodies.pick(this.ray(x, y));
	}

	ray(x: number, y: number): three.Raycaster {
		const ray = new three.Raycaster();
		ray.setFromCamera(new three.Vector2(x, y), this.#eye);
		return ray;
	}

	/** Where the eye looks, as a unit vector. */
	get forward(): three.Vector3 {
		return this.#eye.getWorldDirection(new three.Vector3());
	}

	dispose(): void {
		this.setSecond(null);
		this.#bodies.dispose();
		this.#lamps.dispose();
		this.#marks.dispose();
		this.#surfaces.dispose();
		this.#pictures.dispose();
		this.#scene.clear();
	}

	#look({ camera, viewpoint }: View, aspect: number): void {
		const eye = this.#eye;
		const { extent, look, model } = this.physics;
		eye.aspect = aspect;
		eye.near = Math.max(1e-5, look.near * extent * 0.2);
		eye.far = look.far * extent * 2;
		if (camera < 0) {
			eye.fov = look.fovy;
			eye.position.set(...eyeOf(viewpoint));
			eye.lookAt(...viewpoint.centre);
		} else {
			const { cam_xpos, cam_xmat } = this.state.now;
			const turn = (k: number) => cam_xmat[camera * 9 + k] ?? 0;
			eye.fov = model.cam_fovy[camera] ?? 45;
			const matrix = new three.Matrix4().set(
				...([turn(0), turn(1), turn(2), 0] as const),
				...([turn(3), turn(4), turn(5), 0] as const),
				...([turn(6), turn(7), turn(8), 0] as const),
				...([0, 0, 0, 1] as const),
			);
			eye.quaternion.setFromRotationMatrix(matrix);
			eye.position.set(cam_xpos[camera * 3] ?? 0, cam_xpos[camera * 3 + 1] ?? 0, cam_xpos[camera * 3 + 2] ?? 0);
		}
		eye.updateProjectionMatrix();
		eye.updateMatrixWorld();
	}

	/** The sky's up is z, a cube's is y; towards the horizon things are lost in haze. */
	#sky(texture: number): three.CubeTexture {
		const { look, extent } = this.physics;
		const { colour, start, end } = look.haze;
		this.#scene.fog = new three.Fog(new three.Color(...colour), start * extent, end * extent * 2);
		this.#scene.backgroundRotation.x = Math.PI / 2;
		return this.#pictures.cube(texture);
	}
}
