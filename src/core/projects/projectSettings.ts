import type { Project } from "../../shared/relay/project";
import type { ProjectChange } from "../relay/relay";

/** The settings of a project that an owner may change, as they are asked for. */
export const projectSettingKeys = ["name", "target", "s3Bucket", "s3Prefix", "mlflowExperiment"] as const;
export type ProjectSettingKey = (typeof projectSettingKeys)[number];

interface SettingWords {
	readonly label: string;
	readonly explanation: string;
	readonly placeholder: string;
}

export const settingWords: Readonly<Record<ProjectSettingKey, SettingWords>> = {
	name: { label: "Name", explanation: "What people call the project", placeholder: "digits" },
	target: { label: "Target", explanation: "Who trains what is pushed", placeholder: "" },
	s3Bucket: {
		label: "S3 bucket",
		explanation: "Where artifacts and checkpoints are stored; empty for none",
		placeholder: "acme-models",
	},
	s3Prefix: {
		label: "S3 prefix",
		explanation: "The folder of the bucket that is the project's; empty for all of it",
		placeholder: "digits/",
	},
	mlflowExperiment: {
		label: "MLflow experiment",
		explanation: "Where its runs are logged; empty for the training's own choice",
		placeholder: "digits",
	},
};

export const targetWords: Readonly<Record<Project["target"], { readonly label: string; readonly detail: string }>> = {
	runner: { label: "Runner", detail: "A push queues a job that whoever runs gamma runner trains" },
	sagemaker: { label: "SageMaker", detail: "The repository's own workflow trains, in SageMaker" },
};

/** What a setting is now, for people. */
export function settingValue(project: Project, key: ProjectSettingKey): string {
	return key === "target" ? targetWords[project.target].label : (project[key] ?? "");
}

/** What is wrong with a text for this setting, as one sentence; undefined when nothing is. */
export function problemOfSetting(key: Exclude<ProjectSettingKey, "target">, text: string): string | undefined {
	const value = text.trim();
	switch (key) {
		case "name":
			if (value === "") return "A project has a name.";
			return value.length > 200 ? "A name has at most 200 characters." : undefined;
		case "s3Bucket":
			// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
			if (value === "" || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value)) return undefined;
			return "A bucket's name is 3 to 63 lower-case letters, digits, dots and dashes, without s3:// before it.";
		case "s3Prefix":
			if (value.startsWith("/")) return "A prefix does not start with a slash.";
			return value.length > 1024 ? "A prefix has at most 1,024 characters." : undefined;
		case "mlflowExperiment":
			return value.length > 500 ? "An experiment's name has at most 500 characters." : undefined;
	}
}

/** The change that this text asks for; an empty one clears what may be empty. */
export function changeOfSetting(key: Exclude<ProjectSettingKey, "target">, text: string): ProjectChange {
	const value = text.trim();
	return key === "name" ? { name: value } : { [key]: value === "" ? null : value };
}
