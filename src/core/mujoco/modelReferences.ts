import { type XmlTag, xmlTags } from "./xmlTags";

/** A file that a model's text names. */
export interface ModelReference {
	readonly kind: "include" | "model" | "mesh" | "texture" | "asset";
	/** As it is written. */
	readonly file: string;
	readonly line: number;
}

/** What one file of a model says about others. */
export interface ModelReferences {
	readonly format: "mjcf" | "urdf" | "other";
	readonly references: readonly ModelReference[];
	/** Folders in which meshes and textures are looked for, relative to the model's; empty where none is said. */
	readonly meshFolder: string | null;
	readonly textureFolder: string | null;
	/** Only the names of files count, their folders are dropped. */
	readonly stripsPath: boolean | null;
}

const textureSides = ["fileright", "fileleft", "fileup", "filedown", "filefront", "fileback"];
const usualKinds: Readonly<Record<string, ModelReference["kind"]>> = {
	include: "include",
	model: "model",
	mesh: "mesh",
	flexcomp: "mesh",
	skin: "mesh",
	texture: "texture",
	hfield: "mesh",
	composite: "asset",
	plugin: "asset",
};

/** Reads MJCF (https://mujoco.readthedocs.io/en/stable/XMLreference.html) or URDF for the files that it names. */
export function modelReferences(text: string): ModelReferences {
	const references: ModelReference[] = [];
	let format: ModelReferences["format"] | null = null;
	let folders = { meshFolder: null, textureFolder: null, stripsPath: null } as Pick<
		ModelReferences,
		"meshFolder" | "textureFolder" | "stripsPath"
	>;
	for (const tag of xmlTags(text)) {
		format ??= formatOf(tag.name);
		if (tag.name === "compiler") folders = foldersOf(tag, folders);
		const kind = usualKinds[tag.name];
		if (kind === undefined) continue;
		const names = tag.name === "texture" ? ["file", ...textureSides] : ["file", "filename"];
		for (const name of names) {
			const file = tag.attributes.get(name)?.trim();
			if (file) references.push({ kind, file, line: tag.line });
		}
	}
	return { format: format ?? "other", references, ...folders };
}

function formatOf(root: string): ModelReferences["format"] {
	if (root === "mujoco" || root === "mujocoinclude") return "mjcf";
	return root === "robot" ? "urdf" : "other";
}

function foldersOf(
	{ attributes }: XmlTag,
	before: Pick<ModelReferences, "meshFolder" | "textureFolder" | "stripsPath">,
) {
	const both = attributes.get("assetdir");
	const strips = attributes.get("strippath");
	return {
		meshFolder: attributes.get("meshdir") ?? both ?? before.meshFolder,
		textureFolder: attributes.get("texturedir") ?? both ?? before.textureFolder,
		stripsPath: strips === undefined ? before.stripsPath : strips === "true",
	};
}
