# The one thing that the world reaches.

resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_91:one line a request is in the relay's own log, with its ids
  #checkov:skip=CKV2_AWS_28:signatures and tokens decide who is heard, and the relay limits rates; a web firewall costs and guards pages, which there are none of
  #checkov:skip=CKV_AWS_150:deletion protection follows var.protect, which prod sets
  name                       = var.name
  load_balancer_type         = "application"
  internal                   = false
  subnets                    = var.public_subnets
  security_groups            = [var.alb_group]
  drop_invalid_header_fields = true
  enable_deletion_protection = var.protect
  # Streams send a line every 15 s; a quiet network in between may cost three of them.
  idle_timeout = 60
}

resource "aws_lb_target_group" "relay" {
  #checkov:skip=CKV_AWS_378:TLS ends at the load balancer; the way to the task is inside the network, and only the load balancer may take it
  name        = "${var.name}-relay"
  target_type = "ip"
  port        = local.relay_port
  protocol    = "HTTP"
  vpc_id      = var.vpc_id
  # The relay ends its streams within 20 s of SIGTERM, so nothing has to be waited out.
  deregistration_delay          = 30
  load_balancing_algorithm_type = "least_outstanding_requests"

  health_check {
    path                = "/api/health"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.relay.arn
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
