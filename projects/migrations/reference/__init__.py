"""What a new office starts with (初始数据): written by the migrations, changed by the office afterwards."""
