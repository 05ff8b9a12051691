"""What licenses mean in a situation: verdicts, obligations, questions. One question a file."""

from licet.evaluation.evaluator import Evaluator

__all__ = ["Evaluator"]
