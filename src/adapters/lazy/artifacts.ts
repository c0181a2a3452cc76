/** A file of its own (dist/artifacts.cjs): folders of artifacts, what a relay lends, and what a checkpoint says of itself. */
export { FolderArtifacts } from "../artifacts/folderArtifacts";
export { readCheckpointContents } from "../artifacts/readCheckpointContents";
export { RelayArtifacts } from "../artifacts/relayArtifacts";
export { previewArtifact } from "../previews/previewArtifact";
