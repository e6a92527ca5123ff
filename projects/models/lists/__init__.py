"""Annual lists (年度名单): the lists with their versions, their adjustments, their targets; what packages decide of them."""
