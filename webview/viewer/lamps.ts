import * as three from "three";
import type { State } from "./physics";

/** mjtLightType of mujoco.h. */
const directional = 1;
const point = 2;
/** Each shadow is one more picture of the scene. */
const mostShadows = 1;
const shadowPixels = 1024;
/** The card's light falls on a surface by π less than in the fixed pipeline that models are made for. */
const brightness = Math.PI;

interface Lamp {
	readonly light: three.DirectionalLight | three.SpotLight | three.PointLight;
	readonly index: number;
}

/** The model's lights and the one beside the eye. */
export class Lamps {
	readonly root = new three.Group();
	readonly #lamps: Lamp[] = [];
	readonly #headlight = new three.DirectionalLight(0xffffff, 0);
	readonly #ambient = new three.AmbientLight(0xffffff, 0);

	constructor(state: State) {
		const { model, look, extent } = state.physics;
		const ambient = new three.Color(0, 0, 0);
		if (look.headlight) {
			this.#headlight.color.setRGB(...look.headlight.diffuse);
			this.#headlight.intensity = brightness;
			ambient.add(new three.Color().setRGB(...look.headlight.ambient));
		}
		let shadows = 0;
		for (const { index, castsShadow } of look.lights) {
			const colour = new three.Color().setRGB(...rgb(model.light_diffuse, index * 3));
			ambient.add(new three.Color().setRGB(...rgb(model.light_ambient, index * 3)));
			const light = lightOf(model.light_type[index] ?? 0, colour, model.light_cutoff[index] ?? 45);
			if (castsShadow && shadows < mostShadows && !(light instanceof three.PointLight)) {
				shadows++;
				withShadow(light, extent);
			}
			this.root.add(light);
			if (!(light instanceof three.PointLight)) this.root.add(light.target);
			this.#lamps.push({ light, index });
		}
		this.#ambient.color.copy(ambient);
		this.#ambient.intensity = brightness;
		this.root.add(this.#headlight, this.#headlight.target, this.#ambient);
	}

	/** Lights that belong to a body move with it; one that shines from afar is moved near to what it lights. */
	follow(state: State, eye: three.Vector3, centre: three.Vector3): void {
		const { light_xpos, light_xdir } = state.now;
		const { extent } = state.physics;
		for (const { light, index } of this.#lamps) {
			const [x, y, z] = rgb(light_xpos, index * 3);
			const [dx, dy, dz] = rgb(light_xdir, index * 3);
			if (light instanceof three.DirectionalLight) {
				light.position.set(centre.x - dx * 3 * extent, centre.y - dy * 3 * extent, centre.z - dz * 3 * extent);
				light.target.position.copy(centre);
			} else {
				light.position.set(x, y, z);
				if (light instanceof three.SpotLight) light.target.position.set(x + dx, y + dy, z + dz);
			}
		}
		this.#headlight.position.copy(eye);
		this.#headlight.target.position.copy(centre);
	}

	showShadows(isShown: boolean): void {
		for (const { light } of this.#lamps) if (light.userData.shadows === true) light.castShadow = isShown;
	}

	dispose(): void {
		for (const { light } of this.#lamps) light.dispose();
		this.#headlight.dispose();
		this.root.removeFromParent();
	}
}

function lightOf(type: number, colour: three.Color, cutoffDegrees: number): Lamp["light"] {
	if (type === directional) return new three.DirectionalLight(colour, brightness);
	if (type === point) return new three.PointLight(colour, brightness, 0, 0);
	const angle = Math.min(cutoffDegrees, 89) * (Math.PI / 180);
	return new three.SpotLight(colour, brightness, 0, angle, 0.4, 0);
}

function withShadow(light: three.DirectionalLight | three.SpotLight, extent: number): void {
	light.castShadow = true;
	light.userData.shadows = true;
	light.shadow.mapSize.set(shadowPixels, shadowPixels);
	light.shadow.bias = -0.0015;
	light.shadow.normalBias = extent * 0.004;
	const { camera } = light.shadow;
	camera.near = extent * 0.05;
	camera.far = extent * 12;
	if (camera instanceof three.OrthographicCamera) {
		camera.left = camera.bottom = -1.6 * extent;
		camera.right = camera.top = 1.6 * extent;
	}
}

function rgb(values: ArrayLike<number>, from: number): [number, number, number] {
	return [values[from] ?? 0, values[from + 1] ?? 0, values[from + 2] ?? 0];
}
