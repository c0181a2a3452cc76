import * as three from "three";
import type { ModelArrays } from "./modelArrays";

/** mjtTexture of mujoco.h. */
const texture2d = 0;
export const skyTexture = 2;
/** The faces as MuJoCo stores them, one below the other: right, left, up, down, front, back. */
const faces = 6;

/** The model's textures, each made when a material first wants it. */
export class Pictures {
	readonly #flat = new Map<string, three.DataTexture>();
	readonly #cubes = new Map<number, three.CubeTexture>();

	constructor(private readonly model: ModelArrays) {}

	isFlat(texture: number): boolean {
		return this.model.tex_type[texture] === texture2d;
	}

	flat(texture: number, repeatX: number, repeatY: number): three.DataTexture {
		const key = `${texture} ${repeatX} ${repeatY}`;
		const known = this.#flat.get(key);
		if (known) return known;
		const { tex_width, tex_height } = this.model;
		const width = tex_width[texture] ?? 1;
		const height = tex_height[texture] ?? 1;
		const made = new three.DataTexture(this.#pixels(texture, 0, width, height), width, height);
		made.wrapS = made.wrapT = three.RepeatWrapping;
		made.repeat.set(repeatX, repeatY);
		made.magFilter = three.LinearFilter;
		made.minFilter = three.LinearMipmapLinearFilter;
		made.generateMipmaps = true;
		made.anisotropy = 4;
		made.needsUpdate = true;
		this.#flat.set(key, made);
		return made;
	}

	cube(texture: number): three.CubeTexture {
		const known = this.#cubes.get(texture);
		if (known) return known;
		const width = this.model.tex_width[texture] ?? 1;
		const isWhole = (this.model.tex_height[texture] ?? 0) >= width * faces;
		const sides = Array.from({ length: faces }, (_, face) => {
			const side = new three.DataTexture(this.#pixels(texture, isWhole ? face : 0, width, width), width, width);
			side.needsUpdate = true;
			return side;
		});
		const made = new three.CubeTexture(sides);
		made.magFilter = three.LinearFilter;
		made.minFilter = three.LinearFilter;
		made.generateMipmaps = false;
		made.needsUpdate = true;
		this.#cubes.set(texture, made);
		return made;
	}

	dispose(): void {
		for (const made of [...this.#flat.values(), ...this.#cubes.values()]) made.dispose();
		this.#flat.clear();
		this.#cubes.clear();
	}

	/** Four bytes a pixel: what the card takes of any texture. */
	#pixels(texture: number, face: number, width: number, height: number): Uint8Array<ArrayBuffer> {
		const { tex_adr, tex_data, tex_nchannel } = this.model;
		const channels = tex_nchannel[texture] ?? 3;
		const from = (tex_adr[texture] ?? 0) + face * width * height * channels;
		const pixels = new Uint8Array(width * height * 4).fill(255);
		for (let at = 0; at < width * height; at++) {
			for (let channel = 0; channel < 4; channel++) {
				if (channel < channels) pixels[at * 4 + channel] = tex_data[from + at * channels + channel] ?? 0;
				else if (channel < 3) pixels[at * 4 + channel] = pixels[at * 4] ?? 0;
			}
		}
		return pixels;
	}
}
