from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('processes', '0009_external_systems'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditevent',
            name='address',
            field=models.CharField(blank=True, db_default='', help_text='Where the request came from.', max_length=64),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='client',
            field=models.CharField(blank=True, db_default='', help_text='What the program called itself.', max_length=200),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='reason',
            field=models.TextField(blank=True, db_default=''),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='digest_kind',
            field=models.SmallIntegerField(db_default=1, help_text='Which of its fields the hash covers.'),
        ),
        migrations.CreateModel(
            name='RefusalTally',
            fields=[
                ('key', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('since', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
                ('untold', models.PositiveIntegerField(default=0)),
                ('names', models.JSONField(default=list)),
            ],
        ),
    ]
