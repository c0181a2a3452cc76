/** Loads what the panels are made of: with the first that is opened, not with the window. */
export type LoadPanels = () => Promise<typeof import("./panelParts")>;
