/** A file of its own (dist/aws.cjs): AWS's clients are larger than all else, and only who trains there needs them. */
export { SagemakerTrainings } from "../aws/sagemakerTrainings";
