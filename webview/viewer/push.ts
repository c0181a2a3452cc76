import type { Pull } from "./drawMarks";
import type { State } from "./physics";

type Point = readonly [number, number, number];

/** Of the spring, per kilogram of what hangs together with the body: 1/s², and 1/s for a motion that does not swing. */
const stiffness = 100;
const damping = 2 * Math.sqrt(stiffness);

/** A spring from a point of a body to where the person drags it. */
export class Push {
	readonly #anchor: Point;
	#before: Point | null = null;
	target: Point;

	constructor(
		private readonly state: State,
		readonly body: number,
		point: Point,
	) {
		const { xpos, xmat } = state.now;
		const away = [0, 1, 2].map((k) => (point[k] ?? 0) - (xpos[body * 3 + k] ?? 0));
		const inBody = (axis: number) =>
			[0, 1, 2].reduce((sum, k) => sum + (xmat[body * 9 + k * 3 + axis] ?? 0) * (away[k] ?? 0), 0);
		this.#anchor = [inBody(0), inBody(1), inBody(2)];
		this.target = point;
	}

	/** The body's point in the world. */
	get point(): Point {
		const { xpos, xmat } = this.state.now;
		const along = (k: number) =>
			[0, 1, 2].reduce(
				(sum, axis) => sum + (xmat[this.body * 9 + k * 3 + axis] ?? 0) * (this.#anchor[axis] ?? 0),
				xpos[this.body * 3 + k] ?? 0,
			);
		return [along(0), along(1), along(2)];
	}

	get pull(): Pull {
		return { from: this.point, to: this.target };
	}

	/** Before each step: the spring's force on the body, with its moment about the body's centre of mass. */
	apply(): void {
		const { physics, now } = this.state;
		const { body, point } = this;
		const before = this.#before ?? point;
		this.#before = point;
		const mass = physics.model.body_subtreemass[physics.model.body_rootid[body] ?? 0] ?? 1;
		const force = [0, 1, 2].map((k) => {
			const away = (this.target[k] ?? 0) - (point[k] ?? 0);
			const velocity = ((point[k] ?? 0) - (before[k] ?? 0)) / physics.timestep;
			return mass * (stiffness * away - damping * velocity);
		});
		const [fx = 0, fy = 0, fz = 0] = force;
		const [rx = 0, ry = 0, rz = 0] = [0, 1, 2].map((k) => (point[k] ?? 0) - (now.xipos[body * 3 + k] ?? 0));
		now.xfrc_applied.set([fx, fy, fz, ry * fz - rz * fy, rz * fx - rx * fz, rx * fy - ry * fx], body * 6);
	}

	release(): void {
		this.state.now.xfrc_applied.fill(0, this.body * 6, this.body * 6 + 6);
	}
}
