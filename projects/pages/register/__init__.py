"""Pages of projects, their six slots, duties, hand-overs and states (项目台账、六个一)."""
