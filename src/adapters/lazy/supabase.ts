/** A file of its own (dist/supabase.cjs): only who signs in to a team's relay needs Supabase's client. */
export { SupabaseAuth } from "../session/supabaseAuth";
