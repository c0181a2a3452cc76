-- A conversation is kept by whoever holds it, and handed over message by message: each has a key of its maker's, so that one
-- that is sent twice is there once. What a message holds beside its words is its maker's own (JSON as the editor wrote it).
alter table public.agent_messages add column key text check (length(key) between 1 and 200);
alter table public.agent_messages add column detail text;
create unique index messages_key on public.agent_messages (conversation_id, key) where key is not null;
create index conversations_job on public.agent_conversations (job_id) where job_id is not null;
