/** A free camera around a point, as MuJoCo's own viewer has it: angles in degrees, z is up. */
export interface Viewpoint {
	/** The point that it looks at. */
	readonly centre: readonly [number, number, number];
	readonly distance: number;
	readonly azimuth: number;
	readonly elevation: number;
}

const radians = Math.PI / 180;
/** Straight up and down there is no horizon to keep level. */
const steepest = 89.5;

/** Where the model wants to be seen from first. */
export function firstViewpoint(
	centre: readonly [number, number, number],
	extent: number,
	azimuth: number,
	elevation: number,
): Viewpoint {
	return { centre, distance: 1.5 * extent, azimuth, elevation };
}

/** Unit vectors of the view in the world: towards where it looks, to its right, and up. */
export function axesOf({ azimuth, elevation }: Viewpoint) {
	const [a, e] = [azimuth * radians, elevation * radians];
	const forward = [Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)] as const;
	const right = [Math.sin(a), -Math.cos(a), 0] as const;
	const up = [-Math.sin(e) * Math.cos(a), -Math.sin(e) * Math.sin(a), Math.cos(e)] as const;
	return { forward, right, up };
}

export function eyeOf(viewpoint: Viewpoint): readonly [number, number, number] {
	const { forward } = axesOf(viewpoint);
	const { centre, distance } = viewpoint;
	return [centre[0] - distance * forward[0], centre[1] - distance * forward[1], centre[2] - distance * forward[2]];
}

/** Turns around the point by a way on the screen, in heights of the picture: the whole height is half a turn. */
export function orbit(viewpoint: Viewpoint, x: number, y: number): Viewpoint {
	const elevation = Math.max(-steepest, Math.min(steepest, viewpoint.elevation - y * 180));
	return { ...viewpoint, azimuth: (((viewpoint.azimuth - x * 180) % 360) + 360) % 360, elevation };
}

/** Moves the point with the pointer, in heights of the picture. `fovy` in degrees. */
export function pan(viewpoint: Viewpoint, x: number, y: number, fovy: number): Viewpoint {
	const { right, up } = axesOf(viewpoint);
	const height = 2 * viewpoint.distance * Math.tan((fovy / 2) * radians);
	const moved = (axis: 0 | 1 | 2) => viewpoint.centre[axis] + height * (-x * right[axis] + y * up[axis]);
	return { ...viewpoint, centre: [moved(0), moved(1), moved(2)] };
}

/** Nearer by a factor below 1, within a thousandth and a thousand extents. */
export function zoom(viewpoint: Viewpoint, factor: number, extent: number): Viewpoint {
	const distance = Math.max(extent * 1e-3, Math.min(extent * 1e3, viewpoint.distance * factor));
	return { ...viewpoint, distance };
}
