import type { MainModule, MjModel, MjVFS } from "@mujoco/mujoco";
import type { ModelFiles } from "../../src/shared/panels/viewerPanel";

/** mjCAT_ALL of mujoco.h. */
const allCategories = 7;

type Colour = readonly [red: number, green: number, blue: number];

/** What a model says of how it is to be seen. Copied once: through the bindings each of these is an object to be freed. */
export interface Look {
	readonly centre: readonly [number, number, number];
	readonly extent: number;
	readonly fovy: number;
	readonly azimuth: number;
	readonly elevation: number;
	/** Of what is drawn, in extents. */
	readonly near: number;
	readonly far: number;
	readonly haze: { readonly colour: Colour; readonly start: number; readonly end: number };
	readonly headlight: { readonly ambient: Colour; readonly diffuse: Colour } | null;
	/** Those that are on. */
	readonly lights: readonly { readonly index: number; readonly castsShadow: boolean }[];
	/** Materials whose texture repeats per unit of length. */
	readonly uniformMaterials: ReadonlySet<number>;
}

export function readLook(engine: MainModule, model: MjModel, uniformMaterials: ReadonlySet<number>): Look {
	const { stat, vis } = model;
	const { map, global, headlight, rgba } = vis;
	const look: Look = {
		centre: colourOf(stat.center),
		extent: stat.extent,
		fovy: global.fovy,
		azimuth: global.azimuth,
		elevation: global.elevation,
		near: map.znear,
		far: map.zfar,
		haze: { colour: colourOf(rgba.haze), start: map.fogstart, end: map.fogend },
		headlight: headlight.active === 0 ? null : headlightOf(headlight, model.nlight),
		lights: readLights(engine, model),
		uniformMaterials,
	};
	for (const part of [map, global, headlight, rgba, stat, vis]) part.delete();
	return look;
}

/** Without a light of its own a model has the compiler's faint one alone, in which little is seen. */
function headlightOf({ ambient, diffuse }: { ambient: ArrayLike<number>; diffuse: ArrayLike<number> }, lights: number) {
	const isUsual = Math.abs((diffuse[0] ?? 0) - 0.4) < 1e-6 && Math.abs((ambient[0] ?? 0) - 0.1) < 1e-6;
	if (lights === 0 && isUsual) return { ambient: [0.3, 0.3, 0.3], diffuse: [0.65, 0.65, 0.65] } as const;
	return { ambient: colourOf(ambient), diffuse: colourOf(diffuse) };
}

function colourOf(values: ArrayLike<number>): Colour {
	return [values[0] ?? 0, values[1] ?? 0, values[2] ?? 0];
}

/** Which lights are on and cast shadows: the bindings do not read the model's arrays of flags, but its abstract scene. */
function readLights(engine: MainModule, model: MjModel): Look["lights"] {
	if (model.nlight === 0) return [];
	const scene = new engine.MjvScene(model, model.ngeom + 100);
	const data = new engine.MjData(model);
	const option = new engine.MjvOption();
	const perturb = new engine.MjvPerturb();
	const camera = new engine.MjvCamera();
	let lights: (typeof scene)["lights"] | undefined;
	try {
		engine.mj_forward(model, data);
		engine.mjv_defaultFreeCamera(model, camera);
		engine.mjv_updateScene(model, data, option, perturb, camera, allCategories, scene);
		// A copy of what they are now: taken before, all were dark.
		const found = scene.lights;
		lights = found;
		return Array.from({ length: scene.nlight }, (_, at) => {
			const light = found.get(at);
			const read = light && { index: light.id, castsShadow: light.castshadow !== 0, isEye: light.headlight !== 0 };
			light?.delete();
			return read;
		}).flatMap((light) => (light && !light.isEye ? [{ index: light.index, castsShadow: light.castsShadow }] : []));
	} finally {
		for (const part of [lights, camera, perturb, option, data, scene]) part?.delete();
	}
}

/** The numbers of the materials with `texuniform`; of a model whose text alone does not parse, none. */
export function uniformMaterialsOf(
	engine: MainModule,
	model: MjModel,
	{ main, files }: ModelFiles,
	disk: MjVFS,
): ReadonlySet<number> {
	const found = new Set<number>();
	const textures: Int32Array = model.mat_texid;
	const text = files.find(({ path }) => path === main);
	if (!text || !textures.some((texture) => texture >= 0)) return found;
	try {
		const spec = engine.parseXMLString(new TextDecoder().decode(text.bytes), disk);
		let element = engine.mjs_firstElement(spec, engine.mjtObj.mjOBJ_MATERIAL);
		for (let index = 0; element; index++) {
			const material = engine.mjs_asMaterial(element);
			if (material?.texuniform) found.add(index);
			element = engine.mjs_nextElement(spec, element);
		}
		spec.delete();
	} catch {
		// With an include that is named from another folder the text cannot be parsed by itself; textures then fit their surface.
	}
	return found;
}
