-- Deliveries that GitHub could not make and was asked to make again: each is asked for once, whichever relay sees it.
create table public.redeliveries (
  -- GitHub's own id of the delivery (X-GitHub-Delivery), the same however often it is made.
  guid text primary key,
  asked_at timestamptz not null default now()
);
alter table public.redeliveries enable row level security;
alter table public.redeliveries force row level security;
revoke all on public.redeliveries from public, anon, authenticated;
grant select, insert, update, delete on public.redeliveries to service_role;
create policy relay on public.redeliveries for all to service_role using (true) with check (true);

-- What the relay asks SageMaker about by itself: trainings that go on, or that nobody has told of yet.
create index training_jobs_training on public.training_jobs (updated_at)
  where sagemaker_job_name is not null and status in ('pending', 'running');
