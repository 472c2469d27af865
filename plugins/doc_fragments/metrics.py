# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How metrics to judge a release by are written down."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  metrics:
    description:
      - Metrics to judge the candidate by. Each complete period is read once. A call of GetMetricData
        takes 500 queries at most; latency takes 56 for each color, other metrics as many as they have
        O(metrics[].queries). AWS charges for each metric that is requested (Amazon CloudWatch pricing). For
        latency, therefore, only ranges that contain requests are requested. V(errors) and V(latency) together request
        40 to 100 metrics per minute, and 2 in each look in between.
      - V(errors) and V(latency) are known and need no more than a O(metrics[].name). They are what an Application Load
        Balancer counts for each target group, and C(TargetResponseTime). Other options change them. Of the requests,
        C(RequestCount), V(errors) counts C(HTTPCode_Target_5XX_Count), C(TargetConnectionErrorCount), and requests
        that the target did not answer at all, for which the load balancer itself answers 502 or 504. These are the
        requests without a C(HTTPCode_Target_*), see O(metrics[].answered).
      - Requests that become WebSockets, and those that the client gives up, have no C(HTTPCode_Target_*) either. Both
        colors have them, so they do not fail a comparison, but they count for a O(metrics[].threshold). Where they are
        a large part of the traffic, they hide smaller differences. With an empty O(metrics[].answered), V(errors) does
        not count requests without an answer.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: What it is called in the verdict. V(errors) and V(latency) are known.
        type: str
        required: true
      compare:
        description:
          - How the candidate is compared with stable.
          - V(rate) compares how many requests of how many, O(metrics[].numerator) of O(metrics[].denominator).
          - V(latency) compares the times of all requests, O(metrics[].value), as counts in ranges that are 25 % apart.
            It has to be a metric that was published in single values, as those of load balancers are.
          - V(points) compares the values of periods, O(metrics[].value). With the five periods of five minutes it takes
            that every value of the candidate is worse than every one of stable, so bake longer. Where even that is not
            significant, as in the many bakes of strategy C(linear), it is V(inconclusive).
          - V(none) compares nothing; only a O(metrics[].threshold) applies to the candidate.
        type: str
        choices: [rate, latency, points, none]
      queries:
        description:
          - Metrics of CloudWatch, and expressions over them, as in GetMetricData.
          - In dimensions and expressions, C({target_group}) and C({load_balancer}) stand for the color's own, as
            CloudWatch names them in dimensions. So do other names in braces, whose values are given for each color.
            Role swap gives C({color}) and C({auto_scaling_group}).
        type: list
        elements: dict
        suboptions:
          id:
            description: By which the metric's other options and its expressions refer to it.
            type: str
            required: true
          namespace:
            description: Such as C(AWS/ApplicationELB).
            type: str
          metric_name:
            description: Such as C(RequestCount).
            type: str
          dimensions:
            description: Values by name. CloudWatch finds a metric only with all of its dimensions.
            type: dict
          statistic:
            description:
              - Such as C(Sum), C(Average), C(p90) or C(TC(0.5:)). With V(latency), that of the value is not used.
              - The default is C(Sum).
            type: str
          expression:
            description: Metric math over the ids of this metric. C(METRICS()) is refused.
            type: str
      numerator:
        description: Ids of what counts as bad with V(rate); several are added up. One that has no data counts 0.
        type: list
        elements: str
      denominator:
        description: Id of the number of requests, or whatever it is a rate of. A period without it has no data.
        type: str
      answered:
        description:
          - Ids of what counts answers with V(rate), good and bad; several are added up. Requests of the
            O(metrics[].denominator) beyond that were not answered, and count as bad.
          - Requests on their way at the end of a period are answered in the next one. So an answer is missing only if
            one of the neighboring periods lacks as many, and that is not the first, in which traffic grows. A bake
            needs at least three periods to notice.
          - An O(metrics[].numerator) that is not among these counts unanswered requests; these are not counted twice.
        type: list
        elements: str
      value:
        description: Id of what is compared with stable or with the threshold, when it is not a rate.
        type: str
      period:
        description: Seconds of a period. Load balancers publish every minute.
        type: int
        default: 60
      unit:
        description: Unit of a latency.
        type: str
        choices: [seconds, milliseconds, microseconds]
        default: seconds
      threshold:
        description:
          - Bounds for the candidate's value in each period, of a rate the share.
          - Not for latency. Hold a percentile of it against a threshold as a metric of its own, with
            O(metrics[].compare=none).
        type: dict
        suboptions:
          above:
            description: A value above it is a breach.
            type: float
          below:
            description: A value below it is a breach.
            type: float
          allowed:
            description: The failure budget, which is the number of periods that may be in breach.
            type: int
            default: 0
      effect:
        description: The least difference that matters. Both must be reached for a comparison to fail.
        type: dict
        suboptions:
          ratio:
            description:
              - How many times as bad the candidate must be. Of latency that is the median or the 90th percentile,
                whichever has grown more.
              - The default is 1.5 for a rate, and 1.2 for latency and points.
            type: float
          difference:
            description:
              - How much worse, in the metric's unit; of a rate as a share, so that 0.01 is one percent point.
              - The default is five milliseconds for latency, and 0 for all else. What takes a millisecond takes a half
                longer as soon as it gets more of the traffic.
            type: float
      minimum_samples:
        description:
          - Requests, or points, of each color that it takes to compare; with fewer the metric is inconclusive.
          - The default is 50 requests, or 5 points.
        type: int
      worse:
        description: Which direction is worse.
        type: str
        choices: [higher, lower]
        default: higher
      dry_run:
        description: Whether the metric is only reported and never decides, also if AWS refuses its queries.
        type: bool
        default: false
"""
