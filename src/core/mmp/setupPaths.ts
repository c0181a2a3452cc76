import { trainSettingsPath } from "./trainSettings";

/** What setting up MMP adds to a repository. */
export const setupPaths = {
	workflow: ".github/workflows/train.yml",
	settings: trainSettingsPath,
	guide: ".gamma/README.md",
} as const;
