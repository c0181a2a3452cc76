/** A file of its own (dist/viewer.cjs): what opens the viewer of robot models. */
export { offerViewer } from "./offerViewer";
export { Viewers } from "./viewers";
