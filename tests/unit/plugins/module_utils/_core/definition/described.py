# SPDX-License-Identifier: GPL-3.0-or-later
"""A service with nothing wrong, as people describe it."""

ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
LISTENER = f"{ELB}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2"
TEST_LISTENER = f"{ELB}:listener/app/web/50dc6c495c0c9188/a3c41f9d5c8e2b70"
NETWORK_LISTENER = f"{ELB}:listener/net/web/50dc6c495c0c9188/f2f7dc8efc522ab2"
TARGET_GROUP = f"{ELB}:targetgroup/web-blue/0123456789abcdef"
TEST_ROUTE = {"arn": TEST_LISTENER, "url": "http://web.example.com:8001"}
SIZES = {"min_size": 1, "max_size": 2}
LOAD = {"id": "load", "namespace": "Shop", "metric_name": "Load", "statistic": "average"}
RECORD = {"zone": "example.com", "name": "www.example.com"}

# A service with nothing wrong.
SERVICE = {
    "bluegreen_routes": [LISTENER],
    "bluegreen_target_groups": {"blue": "web-blue", "green": "web-green"},
    "bluegreen_image_id": "ami-0abcdef1234567890",
}
