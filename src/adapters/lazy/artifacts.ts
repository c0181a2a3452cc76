/** A file of its own (dist/artifacts.cjs): folders of artifacts, and what a checkpoint says of itself. */
export { FolderArtifacts } from "../artifacts/folderArtifacts";
export { readCheckpointContents } from "../artifacts/readCheckpointContents";
export { previewArtifact } from "../previews/previewArtifact";
