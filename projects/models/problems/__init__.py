"""Problems (问题): the problem list, and the clinics that sit over it."""
