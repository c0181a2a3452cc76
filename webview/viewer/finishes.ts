import * as three from "three";
import type { ModelArrays } from "./modelArrays";
import type { Physics } from "./physics";
import type { Pictures } from "./pictures";
import { colourOf, type Rgba, type Shape } from "./shapes";

/** The role of a material's colour among its textures, and how many roles there are (mjtTextureRole of mujoco.h). */
const colourRole = 1;
const roles = 10;

/** What a geom or site is painted with. */
export function finishOf(
	physics: Physics,
	pictures: Pictures,
	material: number,
	own: ArrayLike<number>,
	shape: Shape,
): three.MeshPhongMaterial {
	const { model, look } = physics;
	const rgba = colourOf(own, material < 0 ? null : model.mat_rgba.subarray(material * 4, material * 4 + 4));
	const made = painted(rgba);
	if (material < 0) return made;
	shine(made, model.mat_specular[material] ?? 0.5, model.mat_shininess[material] ?? 0.5);
	const glow = model.mat_emission[material] ?? 0;
	made.emissive.setRGB(rgba[0] * glow, rgba[1] * glow, rgba[2] * glow);
	const texture = model.mat_texid[material * roles + colourRole] ?? -1;
	if (texture < 0) return made;
	if (pictures.isFlat(texture)) {
		const [x, y] = repeatsOf(model, look.uniformMaterials.has(material), material, shape);
		made.map = pictures.flat(texture, x, y);
	} else wrapCube(made, pictures.cube(texture));
	return made;
}

export function painted([red, green, blue, alpha]: Rgba): three.MeshPhongMaterial {
	const made = new three.MeshPhongMaterial();
	// The compiler's own, of what has no material.
	shine(made, 0.5, 0.5);
	made.color.setRGB(red, green, blue);
	made.opacity = alpha;
	made.transparent = alpha < 1;
	made.depthWrite = alpha > 0.9;
	return made;
}

/** Of a model's lights: what they add as a highlight, to what they light. MuJoCo's own default is 0.3 to 0.7. */
const highlight = 0.4;

/** Both from 0 to 1. The fixed pipeline's highlight is as bright as it is said; three's grows as it gets smaller, by (s / 2 + 1) / 4. */
function shine(material: three.MeshPhongMaterial, specular: number, shininess: number): void {
	material.shininess = Math.max(1, shininess * 128);
	const strength = (highlight * specular * 4) / (material.shininess / 2 + 1);
	material.specular.setRGB(strength, strength, strength);
}

/** A uniform texture repeats per unit of length, another per surface. */
function repeatsOf(model: ModelArrays, isUniform: boolean, material: number, shape: Shape): readonly [number, number] {
	const x = model.mat_texrepeat[material * 2] ?? 1;
	const y = model.mat_texrepeat[material * 2 + 1] ?? 1;
	if (shape.kind !== "plane") return [x, y];
	const isPerUnit = shape.isEndless || isUniform;
	return isPerUnit ? [x * shape.halfX, y * shape.halfY] : [x, y];
}

/** Paints with a cube around the thing's own centre: each point by its direction from there. */
function wrapCube(material: three.MeshPhongMaterial, cube: three.CubeTexture): void {
	material.onBeforeCompile = (shader) => {
		shader.uniforms.wrapping = { value: cube };
		shader.vertexShader = shader.vertexShader
			.replace("#include <common>", "#include <common>\nvarying vec3 fromCentre;")
			.replace("#include <begin_vertex>", "#include <begin_vertex>\nfromCentre = position;");
		shader.fragmentShader = shader.fragmentShader
			.replace("#include <common>", "#include <common>\nvarying vec3 fromCentre;\nuniform samplerCube wrapping;")
			.replace("#include <map_fragment>", "diffuseColor.rgb *= textureCube(wrapping, fromCentre).rgb;");
	};
	material.customProgramCacheKey = () => "wrapped in a cube";
}
