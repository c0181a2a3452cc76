import * as three from "three";

type Point = ArrayLike<number>;

const upwards = new three.Vector3(0, 0, 1);

/** Many small things of one form, drawn in one go; what they are is said anew for each picture. */
class Pile {
	#mesh: three.InstancedMesh;
	#count = 0;

	constructor(
		private readonly parent: three.Object3D,
		private readonly form: three.BufferGeometry,
	) {
		this.#mesh = this.#make(64);
	}

	begin(): void {
		this.#count = 0;
	}

	add(matrix: three.Matrix4, colour: three.Color): void {
		if (this.#count >= this.#mesh.instanceMatrix.count) {
			const before = this.#mesh;
			this.#mesh = this.#make(before.instanceMatrix.count * 4);
			for (let at = 0; at < this.#count; at++) {
				before.getMatrixAt(at, scratch.matrix);
				before.getColorAt(at, scratch.colour);
				this.#mesh.setMatrixAt(at, scratch.matrix);
				this.#mesh.setColorAt(at, scratch.colour);
			}
			remove(before);
		}
		this.#mesh.setMatrixAt(this.#count, matrix);
		this.#mesh.setColorAt(this.#count, colour);
		this.#count++;
	}

	end(): void {
		this.#mesh.count = this.#count;
		this.#mesh.visible = this.#count > 0;
		this.#mesh.instanceMatrix.needsUpdate = true;
		if (this.#mesh.instanceColor) this.#mesh.instanceColor.needsUpdate = true;
	}

	dispose(): void {
		remove(this.#mesh);
		this.form.dispose();
	}

	#make(count: number): three.InstancedMesh {
		const made = new three.InstancedMesh(this.form, new three.MeshBasicMaterial(), count);
		made.frustumCulled = false;
		this.parent.add(made);
		return made;
	}
}

const scratch = {
	matrix: new three.Matrix4(),
	colour: new three.Color(),
	turn: new three.Quaternion(),
	from: new three.Vector3(),
	along: new three.Vector3(),
	scale: new three.Vector3(),
};

function remove(mesh: three.InstancedMesh): void {
	mesh.removeFromParent();
	if (mesh.material instanceof three.Material) mesh.material.dispose();
	mesh.dispose();
}

/** Dots, rods and arrows beside the bodies: contacts, forces, axes, tendons, centres of mass. */
export class Marks {
	readonly root = new three.Group();
	readonly #dots = new Pile(this.root, new three.SphereGeometry(1, 16, 12));
	readonly #rods = new Pile(
		this.root,
		new three.CylinderGeometry(1, 1, 1, 14).rotateX(Math.PI / 2).translate(0, 0, 0.5),
	);
	readonly #tips = new Pile(this.root, new three.ConeGeometry(1, 1, 14).rotateX(Math.PI / 2).translate(0, 0, 0.5));

	begin(): void {
		for (const pile of [this.#dots, this.#rods, this.#tips]) pile.begin();
	}

	end(): void {
		for (const pile of [this.#dots, this.#rods, this.#tips]) pile.end();
	}

	dot(at: Point, radius: number, colour: number): void {
		const { matrix } = scratch;
		matrix.makeScale(radius, radius, radius).setPosition(at[0] ?? 0, at[1] ?? 0, at[2] ?? 0);
		this.#dots.add(matrix, scratch.colour.setHex(colour));
	}

	rod(from: Point, to: Point, radius: number, colour: number): void {
		this.#between(this.#rods, from, to, radius, 0, 1, colour);
	}

	arrow(from: Point, to: Point, radius: number, colour: number): void {
		const length = Math.hypot(...[0, 1, 2].map((k) => (to[k] ?? 0) - (from[k] ?? 0)));
		if (!(length > 1e-9)) return;
		const tip = Math.min(0.35, (6 * radius) / length);
		this.#between(this.#rods, from, to, radius, 0, 1 - tip, colour);
		this.#between(this.#tips, from, to, radius * 2.2, 1 - tip, 1, colour);
	}

	dispose(): void {
		for (const pile of [this.#dots, this.#rods, this.#tips]) pile.dispose();
		this.root.removeFromParent();
	}

	/** `begin` and `end` are shares of the way from one point to the other. */
	#between(pile: Pile, a: Point, b: Point, radius: number, begin: number, end: number, colour: number): void {
		const { from, along, turn, scale, matrix } = scratch;
		from.set(a[0] ?? 0, a[1] ?? 0, a[2] ?? 0);
		along.set(b[0] ?? 0, b[1] ?? 0, b[2] ?? 0).sub(from);
		const length = along.length();
		if (!(length > 1e-9)) return;
		from.addScaledVector(along, begin);
		turn.setFromUnitVectors(upwards, along.divideScalar(length));
		matrix.compose(from, turn, scale.set(radius, radius, length * (end - begin)));
		pile.add(matrix, scratch.colour.setHex(colour));
	}
}
