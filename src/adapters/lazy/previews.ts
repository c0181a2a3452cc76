/** A file of its own (dist/previews.cjs): only who opens an artifact needs the decoders. */
export { previewArtifact } from "../previews/previewArtifact";
