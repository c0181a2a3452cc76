import type { MjData, MjModel } from "@mujoco/mujoco";

type Reals = Float64Array | Float32Array;

/**
 * The fields of a compiled model that drawing reads. The bindings give each as a view of the engine's memory, typed `any`;
 * a view is stale once that memory has grown, so none is kept over a step. Arrays of flags cannot be read through them at all (`look.ts`).
 */
export interface ModelArrays {
	readonly nbody: number;
	readonly ngeom: number;
	readonly nsite: number;
	readonly njnt: number;
	readonly nq: number;
	readonly nv: number;
	readonly na: number;
	readonly nu: number;
	readonly nkey: number;
	readonly ncam: number;
	readonly nlight: number;
	readonly ntendon: number;
	readonly nsensor: number;
	readonly ntex: number;
	readonly nskin: number;
	readonly nflex: number;
	readonly flex_dim: Int32Array;
	readonly flex_vertadr: Int32Array;
	readonly flex_vertnum: Int32Array;
	readonly flex_elem: Int32Array;
	readonly flex_elemdataadr: Int32Array;
	readonly flex_elemnum: Int32Array;
	readonly flex_shell: Int32Array;
	readonly flex_shelldataadr: Int32Array;
	readonly flex_shellnum: Int32Array;
	readonly flex_rgba: Float32Array;
	readonly names: Int8Array;
	readonly name_bodyadr: Int32Array;
	readonly name_jntadr: Int32Array;
	readonly name_geomadr: Int32Array;
	readonly name_camadr: Int32Array;
	readonly name_actuatoradr: Int32Array;
	readonly name_sensoradr: Int32Array;
	readonly name_keyadr: Int32Array;
	readonly geom_type: Int32Array;
	readonly geom_size: Reals;
	readonly geom_rgba: Float32Array;
	readonly geom_matid: Int32Array;
	readonly geom_dataid: Int32Array;
	readonly geom_group: Int32Array;
	readonly geom_bodyid: Int32Array;
	readonly site_type: Int32Array;
	readonly site_size: Reals;
	readonly site_rgba: Float32Array;
	readonly site_matid: Int32Array;
	readonly site_group: Int32Array;
	readonly mat_rgba: Float32Array;
	readonly mat_texid: Int32Array;
	readonly mat_texrepeat: Float32Array;
	readonly mat_emission: Float32Array;
	readonly mat_specular: Float32Array;
	readonly mat_shininess: Float32Array;
	readonly mat_reflectance: Float32Array;
	readonly tex_type: Int32Array;
	readonly tex_width: Int32Array;
	readonly tex_height: Int32Array;
	readonly tex_nchannel: Int32Array;
	readonly tex_adr: Int32Array;
	readonly tex_data: Uint8Array;
	readonly mesh_vert: Float32Array;
	readonly mesh_vertadr: Int32Array;
	readonly mesh_normal: Float32Array;
	readonly mesh_normaladr: Int32Array;
	readonly mesh_texcoord: Float32Array;
	readonly mesh_texcoordadr: Int32Array;
	readonly mesh_face: Int32Array;
	readonly mesh_facenormal: Int32Array;
	readonly mesh_facetexcoord: Int32Array;
	readonly mesh_faceadr: Int32Array;
	readonly mesh_facenum: Int32Array;
	readonly hfield_nrow: Int32Array;
	readonly hfield_ncol: Int32Array;
	readonly hfield_size: Reals;
	readonly hfield_data: Float32Array;
	readonly hfield_adr: Int32Array;
	readonly light_type: Int32Array;
	readonly light_cutoff: Float32Array;
	readonly light_exponent: Float32Array;
	readonly light_ambient: Float32Array;
	readonly light_diffuse: Float32Array;
	readonly light_specular: Float32Array;
	readonly cam_fovy: Reals;
	readonly body_mass: Reals;
	readonly body_subtreemass: Reals;
	readonly body_rootid: Int32Array;
	readonly body_parentid: Int32Array;
	readonly jnt_type: Int32Array;
	readonly jnt_bodyid: Int32Array;
	readonly jnt_qposadr: Int32Array;
	readonly jnt_dofadr: Int32Array;
	readonly tendon_rgba: Float32Array;
	readonly tendon_width: Reals;
	readonly actuator_ctrlrange: Reals;
	readonly sensor_adr: Int32Array;
	readonly sensor_dim: Int32Array;
}

/** The fields of a state that drawing reads, of the same kind. */
export interface DataArrays {
	readonly ncon: number;
	readonly qpos: Float64Array;
	readonly qvel: Float64Array;
	readonly act: Float64Array;
	readonly ctrl: Float64Array;
	readonly actuator_force: Float64Array;
	readonly energy: Float64Array;
	readonly sensordata: Float64Array;
	readonly xfrc_applied: Float64Array;
	readonly xpos: Float64Array;
	readonly xquat: Float64Array;
	readonly xmat: Float64Array;
	readonly xipos: Float64Array;
	readonly subtree_com: Float64Array;
	readonly flexvert_xpos: Float64Array;
	readonly geom_xpos: Float64Array;
	readonly geom_xmat: Float64Array;
	readonly site_xpos: Float64Array;
	readonly site_xmat: Float64Array;
	readonly cam_xpos: Float64Array;
	readonly cam_xmat: Float64Array;
	readonly light_xpos: Float64Array;
	readonly light_xdir: Float64Array;
	readonly xanchor: Float64Array;
	readonly xaxis: Float64Array;
	readonly ten_wrapadr: Int32Array;
	readonly ten_wrapnum: Int32Array;
	readonly wrap_obj: Int32Array;
	readonly wrap_xpos: Float64Array;
}

export const arraysOf = (model: MjModel): ModelArrays => model;
export const stateOf = (data: MjData): DataArrays => data;

/** A name out of the model's table of zero-ended names; `fallback` and its number where it has none. */
export function nameAt(names: Int8Array, address: number, fallback: string): string {
	let text = "";
	for (let at = address; at < names.length && names[at] !== 0; at++)
		text += String.fromCharCode((names[at] ?? 0) & 255);
	return text === "" ? fallback : decodeUtf8(text);
}

function decodeUtf8(bytes: string): string {
	return /^[\0-\x7f]*$/.test(bytes) ? bytes : new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
}
